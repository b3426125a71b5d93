"""Every component, for `{% load ui %}`."""

from django import template

from glede.ui.tags import blocks, forms, glyphs, pages, people, times

register = template.Library()
for part in (glyphs, people, blocks, forms, times, pages):
    register.tags |= part.register.tags
    register.filters |= part.register.filters
