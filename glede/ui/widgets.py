"""Inputs that HTML does not have by itself."""

from typing import Any

from django import forms
from typing_extensions import override


class ChoiceCards(forms.RadioSelect):
    """Radio buttons as cards: the whole card is the target. Labels may be presenting.Choice."""

    template_name = "ui/choice_cards.html"
    option_template_name = "ui/choice_cards.html"

    def __init__(self, attrs: dict[str, Any] | None = None, *, tight: bool = False) -> None:
        super().__init__(attrs)
        self.is_tight = tight

    @override
    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Add the closeness of the cards to what Django gives the template."""
        context: dict[str, Any] = super().get_context(name, value, attrs)
        return context | {"is_tight": self.is_tight}
