"""What is typed about costs and suppliers. What it means, the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from companies.fields import CompanyField, suggesting
from companies.records.forms import RecordForm
from core.forms import DayInput
from core.periods import first_day, last_day
from subsidies.choices import Point
from subsidies.models import Expense, Supplier


class ExpenseForm(RecordForm):
    """A cost. Whom it was paid to may be a supplier that the zone does not know yet."""

    model = Expense
    number = "number"
    typed = ("point", "kind", "contract", "amount", "paid_on")
    field_order = ("company", "number", "point", "kind", "supplier", "contract", "amount", "paid_on")

    supplier = forms.CharField(
        label=_("Supplier"),
        max_length=200,
        required=False,
        help_text=_("Its code or name. One that the zone does not know yet is entered with it, and is not admitted."),
        widget=suggesting("subsidies:offer_suppliers", "supplier-options"),
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["kind"].help_text = _("For vouchers only: what was paid for.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "point" in cleaned and (cleaned["point"] == Point.AI_VOUCHERS) != bool(cleaned.get("kind")):
            self.add_error("kind", gettext("Say for vouchers, and only for them, what was paid for."))
        return cleaned

    def initial_of(self, record: Any) -> dict[str, Any]:
        return super().initial_of(record) | {"supplier": record.supplier.code if record.supplier else ""}


class SupplierForm(RecordForm):
    """A supplier; without a code it gets the next one."""

    model = Supplier
    number = "code"
    moves = True
    typed = ("name",)
    field_order = ("name", "code", "company")

    company = CompanyField(
        label=_("Company of the register"),
        required=False,
        help_text=_("Where the supplier is in the zone itself: its code, or words of its name."),
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        if "code" in self.fields:
            self.fields["code"].required = False
            self.fields["code"].help_text = _("Leave it empty for the next one.")

    def asks_for_company(self) -> bool:
        return True

    def initial_of(self, record: Any) -> dict[str, Any]:
        return super().initial_of(record) | {"company": record.company.code if record.company else ""}

    def values(self) -> dict[str, Any]:
        return super().values() | {"company": self.cleaned_data["company"]}


class AdmissionForm(forms.Form):
    """The days on which a supplier is admitted, both included."""

    use_required_attribute = False

    first = forms.DateField(label=_("Admitted from"), widget=DayInput)
    last = forms.DateField(
        label=_("Admitted until"),
        widget=DayInput,
        required=False,
        help_text=_("The last day, included. Leave it empty until further notice."),
    )


def days_of(supplier: Supplier) -> dict[str, Any]:
    """The initial values of the form for a supplier that was admitted."""
    return {"first": first_day(supplier.admission), "last": last_day(supplier.admission)}
