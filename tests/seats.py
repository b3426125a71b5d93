"""A colleague's browser, already signed in."""

from typing import Any

from django.test import Client

from glede.staff.queries import user_of
from glede.ui.look import COOKIE, Look
from tests.cast import House

BACKEND = "django.contrib.auth.backends.ModelBackend"


def at_desk(house: House, colleague: str, language: str = "en-gb", **given: Any) -> Client:
    """Return the browser of a colleague of ``house``, who chose a language; ``given`` goes to Django's ``Client``."""
    client = Client(**given)
    client.cookies[COOKIE] = Look(theme="light", language=language).write()
    client.force_login(user_of(house.id, house.colleagues[colleague]), backend=BACKEND)
    return client
