"""What Glede settles for allauth: nobody signs up alone, colleagues are invited."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class StaffAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in for colleagues."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: a colleague joins by invitation, the first owner by the code in the terminal."""
        return False
