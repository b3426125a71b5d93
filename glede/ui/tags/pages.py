"""Addresses of the styles and scripts, for the base pages."""

from django import template
from django.urls import reverse

from glede.kernel.contact import phone_words as words_of_phone
from glede.ui import bundles

register = template.Library()


@register.simple_tag
def bundle(name: str) -> str:
    """Return the address of a bundle (staff.css, patient.css, staff.js), which changes with its content."""
    stem, _, kind = name.partition(".")
    return reverse("ui:bundle", args=[stem, bundles.load(name).digest, kind])


@register.filter
def phone_words(number: str, country: str = "") -> str:
    """Write a phone number (E.164) as people of ``country`` read it: "+4722123456" → "22 12 34 56"."""
    return words_of_phone(number, country or None) if number else ""
