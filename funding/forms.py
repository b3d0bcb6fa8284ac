"""Forms of loans, repayments and projects: shape of what is typed. What it means, the services decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.records.forms import RecordForm
from core.forms import DayInput
from funding.models import Loan, Project, Repayment


class LoanForm(RecordForm):
    model = Loan
    number = "number"
    typed = ("bank", "principal", "annual_rate_percent", "drawn_on", "due_on")
    field_order = ("company", "number", *typed)


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
