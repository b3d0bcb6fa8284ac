"""Forms of the acts on a deposit: shape and type of what is typed. What can be, the services decide."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayInput
from core.money import MOST_YUAN
from core.periods import Day
from spaces.models import Lease


def _yuan(label: Any, **options: Any) -> forms.DecimalField:
    return forms.DecimalField(label=label, min_value=0, max_value=MOST_YUAN, decimal_places=2, **options)


class DepositForm(forms.Form):
    """Base of the forms: a day, and why."""

    use_required_attribute = False

    day = forms.DateField(label=_("Day"), widget=DayInput)
    reason = forms.CharField(
        label=_("Reason"), max_length=500, required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("The company reads it."),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, lease: Lease, held: Decimal, outstanding: Decimal, on: Day):
        del lease
        proposed = {"day": on, "amount": outstanding or None, "returned": held, "withheld": Decimal(0)}
        super().__init__(data, initial=proposed)


class AgreeForm(DepositForm):
    amount = _yuan(_("Deposit in yuan"), help_text=_("What is to be paid in all, from now on."))
    field_order = ["amount", "day", "reason"]

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.initial["amount"] = None


class ReceiveForm(DepositForm):
    amount = _yuan(_("Received in yuan"))
    field_order = ["amount", "day", "reason"]


class ReturnForm(DepositForm):
    returned = _yuan(_("Returned in yuan"))
    withheld = _yuan(_("Withheld in yuan"), required=False, help_text=_("What the zone keeps, for the reason below."))
    field_order = ["returned", "withheld", "day", "reason"]

    def clean_withheld(self) -> Decimal:
        return self.cleaned_data["withheld"] or Decimal(0)


class HandOverForm(DepositForm):
    to = forms.TypedChoiceField(label=_("To lease"))
    amount = _yuan(_("Handed over in yuan"))
    field_order = ["to", "amount", "day", "reason"]

    def __init__(self, data: Any = None, *, lease: Lease, held: Decimal, **options: Any):
        super().__init__(data, lease=lease, held=held, **options)
        followers = Lease.objects.valid().filter(follows__before=lease).select_related("unit").order_by("number")
        known = {follower.number: follower for follower in followers}
        to: Any = self.fields["to"]
        to.choices = [(number, f"{number} · {after.unit.code} · {after.area_m2} m²") for number, after in known.items()]
        to.coerce = lambda number: known[number]
        self.initial["amount"] = held


class TakeBackForm(forms.Form):
    use_required_attribute = False

    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 2}))
