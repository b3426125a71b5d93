"""What a text takes, in words: its parts, its price, and the signs that make it dear."""

from django.utils.translation import gettext, ngettext

from glede.channels.operations import PartPrice
from glede.kernel.gsm import UCS, beyond_gsm, sms_segments


def size_words(text: str, price: PartPrice | None) -> str:
    """Return how many texts ``text`` is billed as, what that costs where somebody said, and what makes it more."""
    found = sms_segments(text)
    told: dict[str, object] = {"n": found.parts}
    words = ngettext("%(n)s text", "%(n)s texts, and the price of each", found.parts) % told
    if price is not None:
        told |= {"cost": f"{(price.amount * found.parts).normalize():f} {price.currency}"}
        words = ngettext("%(n)s text, %(cost)s", "%(n)s texts, %(cost)s together", found.parts) % told
    if found.encoding != UCS:
        return words
    signs = " ".join(sign for sign in beyond_gsm(text) if sign.isprintable()) or "?"
    return gettext("%(words)s. Only 70 letters a part because of: %(signs)s") % {"words": words, "signs": signs}
