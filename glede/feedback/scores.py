"""The five answers in words, for forms above that may not read this room's models."""

from django.utils.translation import gettext_lazy as _

SCORES = ((5, _("Very good")), (4, _("Good")), (3, _("Fine")), (2, _("Poor")), (1, _("Very poor")))
