"""The form of a talent: shape of what is typed. What it means, the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from community.models import Talent
from community.permissions import can_enter_talent
from companies.fields import CompanyField
from companies.records.forms import RecordForm
from core.forms import DayInput


class TalentForm(RecordForm):
    """Officers say in which company a talent works, or leave it empty; to founders it is theirs."""

    model = Talent
    number = "code"
    moves = True
    typed = ("name", "grade")
    field_order = ("code", "name", "grade", "company", "employed_from", "employed_until")

    company = CompanyField(required=False)
    employed_from = forms.DateField(label=_("Employed from"), widget=DayInput, required=False)
    employed_until = forms.DateField(
        label=_("Employed until"),
        widget=DayInput,
        required=False,
        help_text=_("The last day, included. Leave it empty for an open end."),
    )

    def asks_for_company(self) -> bool:
        return can_enter_talent(self.user, None)

    def initial_of(self, record: Any) -> dict[str, Any]:
        return super().initial_of(record) | {
            "company": record.company.code if record.company else "",
            "employed_from": record.employed_from,
            "employed_until": record.employed_until,
        }

    def values(self) -> dict[str, Any]:
        """On a change with the company: the one that was typed, or the one where the talent is."""
        if self.record is None:
            return super().values()
        company = self.cleaned_data["company"] if "company" in self.fields else self.record.company
        return super().values() | {"company": company}
