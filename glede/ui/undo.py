"""Undo instead of asking first: the next page says what was done and offers to take it back."""

from django.contrib import messages
from django.http import HttpRequest

SECONDS = 10  # our choice


def offer(request: HttpRequest, words: str, url: str) -> None:
    """Show ``words`` on the next page with a button (key z) that posts to ``url`` and takes the act back."""
    messages.success(request, words, extra_tags=url)
