"""What officers enter to start a run."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayInput, MonthInput


class AssessForm(forms.Form):
    on = forms.DateField(label=_("Day to decide for"), widget=DayInput, input_formats=["%Y-%m-%d"])


class BillForm(forms.Form):
    month = forms.DateField(
        label=_("Month to bill"), widget=MonthInput, input_formats=["%Y-%m"], help_text=_("As in 2026-03.")
    )


class IssueForm(forms.Form):
    month = forms.DateField(widget=forms.HiddenInput, input_formats=["%Y-%m"])
