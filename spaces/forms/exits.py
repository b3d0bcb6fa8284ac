"""The form of an exit interview: shape of what is typed."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.models import ExitInterview
from companies.records.forms import RecordForm


class ExitForm(RecordForm):
    """The day is given once: an interview of another day is another one."""

    model = ExitInterview
    number = "held_on"
    typed = ("reason", "destination", "notes")
    field_order = ("company", "held_on", "reason", "destination", "notes")

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["reason"].help_text = _("The one that weighed most.")
        self.fields["destination"].help_text = _("City, zone or country. Empty where it was not told.")
        self.fields["notes"].widget = forms.Textarea({"rows": 5})
