"""How Django draws forms here: label, hint, error, field, in this order (GOV.UK's grammar)."""

from django.forms.renderers import DjangoTemplates


class Renderer(DjangoTemplates):
    """Uses our templates for a form, a field and a list of errors."""

    form_template_name = "ui/form.html"
    field_template_name = "ui/field.html"
