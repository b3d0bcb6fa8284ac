"""What an officer says when he is done."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayInput


class FinishForm(forms.Form):
    use_required_attribute = False

    note = forms.CharField(
        label=_("What you found"), max_length=4_000, widget=forms.Textarea({"rows": 4}),
        help_text=_("Only the staff reads it."),
    )  # fmt: skip
    spoke_on = forms.DateField(
        label=_("Spoke to the company on"), widget=DayInput, required=False,
        help_text=_("Empty where nobody spoke to it. The day counts as a contact."),
    )  # fmt: skip
