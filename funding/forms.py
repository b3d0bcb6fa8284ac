"""Forms of loans, repayments, projects and financing rounds: shape of what is typed. What it means, the services
decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.records.forms import RecordForm
from core.constraints import NUMBER_LENGTH
from core.forms import DayInput
from funding.models import Loan, Project, Repayment, Round


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
    """A repayment of the loan that the address names."""

    model = Repayment
    typed = ("paid_on", "principal")
    field_order: tuple[str, ...] = typed

    company = None  # type: ignore[assignment]  # takes the field of the base away


class RepaymentOfLoanForm(RepaymentForm):
    """A repayment that names its loan."""

    owner = "loan"
    field_order = ("loan", *RepaymentForm.typed)

    loan = forms.CharField(label=_("Loan"), max_length=NUMBER_LENGTH)

    def clean_loan(self) -> Any:
        number = self.cleaned_data["loan"]
        loan = Loan.objects.visible_to(self.user).filter(number=number).first()
        if loan is None:
            raise forms.ValidationError(gettext("There is no loan with this number."))
        return loan


class ProjectForm(RecordForm):
    model = Project
    number = "code"
    typed = ("title", "kind", "field", "amount_requested")
    field_order = ("company", "code", *typed)


class RoundForm(RecordForm):
    """What is known of a financing round; empty is unknown."""

    model = Round
    number = "round"
    typed = ("closed_on", "amount", "currency", "post_money_valuation", "cny_rate", "investors")
    field_order = ("company", "round", *typed)

    def clean_currency(self) -> str:
        return str(self.cleaned_data["currency"]).upper()


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
