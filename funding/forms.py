"""Forms of loans, repayments and projects: shape of what is typed. What it means, the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.records.forms import RecordForm
from core.forms import DayInput
from funding.models import Loan, Project, Repayment


class LoanForm(RecordForm):
    model = Loan
    number = "number"
    typed = ("bank", "principal", "annual_rate_percent", "drawn_on", "due_on")
    field_order = ("company", "number", *typed)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        drawn, due = cleaned.get("drawn_on"), cleaned.get("due_on")
        if drawn and due and due <= drawn:
            self.add_error("due_on", gettext("A loan is due after the day on which it was drawn."))
        return cleaned


class RepaymentForm(RecordForm):
    model = Repayment
    typed = ("paid_on", "principal")
    field_order = typed


class ProjectForm(RecordForm):
    model = Project
    number = "code"
    typed = ("title", "kind", "field", "amount_requested")
    field_order = ("company", "code", *typed)


class ScoreForm(forms.Form):
    """The panel's score; both empty take a score back."""

    use_required_attribute = False

    score = forms.DecimalField(
        label=_("Score"), max_digits=5, decimal_places=2, required=False, help_text=_("0 to 100 points.")
    )
    scored_on = forms.DateField(label=_("Scored on"), widget=DayInput, required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.errors and (cleaned["score"] is None) != (cleaned["scored_on"] is None):
            lacking = "score" if cleaned["score"] is None else "scored_on"
            self.add_error(lacking, gettext("A score and the day on which it was given go together."))
        return cleaned
