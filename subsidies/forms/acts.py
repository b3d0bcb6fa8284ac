"""What is typed to start a run, to issue a month, and with an act on a grant. What it means, the services decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayInput, MonthInput


class AssessForm(forms.Form):
    on = forms.DateField(label=_("Day to decide for"), widget=DayInput, input_formats=["%Y-%m-%d"])


class SimulationForm(forms.Form):
    """The day that a draft is simulated for; its own day where none is given."""

    on = forms.DateField(label=_("Day"), widget=DayInput, input_formats=["%Y-%m-%d"], required=False)


class BillForm(forms.Form):
    month = forms.DateField(
        label=_("Month to bill"), widget=MonthInput, input_formats=["%Y-%m"], help_text=_("As in 2026-03.")
    )


class IssueForm(forms.Form):
    month = forms.DateField(widget=forms.HiddenInput, input_formats=["%Y-%m"])


class ReasonForm(forms.Form):
    """Why something is not given, or taken back: the company reads it."""

    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class PaymentForm(forms.Form):
    """The day of the payment, and the bank's reference of it."""

    on = forms.DateField(label=_("Paid on"), widget=DayInput, input_formats=["%Y-%m-%d"])
    reference = forms.CharField(label=_("Reference of the bank"), max_length=120, required=False)


class NoteForm(forms.Form):
    """What is kept with an act beside what the portal itself says."""

    note = forms.CharField(label=_("Note"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000, required=False)


class AppealForm(forms.Form):
    """Why a company disagrees with what was decided."""

    text = forms.CharField(label=_("Why you disagree"), widget=forms.Textarea(attrs={"rows": 4}), max_length=4000)


class AnswerForm(forms.Form):
    """What another officer says to it, and what follows; the company reads it."""

    upheld = forms.ChoiceField(
        label=_("What follows"),
        choices=[("no", _("The decision stands")), ("yes", _("The decision is turned around"))],
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(label=_("Answer"), widget=forms.Textarea(attrs={"rows": 3}), max_length=1000)


class SettlementForm(forms.Form):
    """The day on which the money came back."""

    on = forms.DateField(label=_("Settled on"), widget=DayInput, input_formats=["%Y-%m-%d"])
