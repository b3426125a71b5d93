"""What signing in asks: two fields, and nothing that leads elsewhere."""

from typing import Any

from allauth.account.forms import LoginForm, ReauthenticateForm
from django.utils.translation import gettext_lazy as _


class SignIn(LoginForm):  # type: ignore[misc]
    """E-mail and password. Whoever forgot theirs is let in by the owner: no mail could be trusted to arrive."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("E-mail address")
        for name in ("login", "password"):
            self.fields[name].help_text = ""
            self.fields[name].widget.attrs.pop("placeholder", None)


class Again(ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before a second factor is changed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""
        self.fields["password"].widget.attrs.pop("placeholder", None)
