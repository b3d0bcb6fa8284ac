"""Forms of leases: shape and type of what is typed. Whether it can be is decided by the services."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.fields import CompanyField, suggesting
from core.forms import DayInput
from core.periods import first_day, last_day, period
from spaces.lives.plans import Plan
from spaces.models import MAX_AREA_M2, MAX_PRICE, Lease, Unit


class UnitField(forms.CharField):
    """A unit by its code."""

    def clean(self, value: Any) -> Unit | None:
        code = super().clean(value)
        if not code:
            return None
        unit = Unit.objects.select_related("building__campus").filter(code=code).first()
        if unit is None:
            raise forms.ValidationError(_("No unit is called that."), code="unknown")
        return unit


class TermsForm(forms.Form):
    """What a lease agrees on: the unit, its area, the price and the term. Both days of the term are included."""

    unit = UnitField(
        label=_("Unit"),
        max_length=64,
        help_text=_("Type a part of its number: units that are free come first."),
        widget=suggesting("spaces:offer_units", "unit-options"),
    )
    area_m2 = forms.DecimalField(label=_("Area in m²"), min_value=0, max_value=MAX_AREA_M2, decimal_places=2)
    price_per_m2_day = forms.DecimalField(
        label=_("Price in yuan per m² and day"), min_value=0, max_value=MAX_PRICE, decimal_places=4
    )
    first_day = forms.DateField(label=_("First day"), widget=DayInput)
    last_day = forms.DateField(
        label=_("Last day"), widget=DayInput, required=False, help_text=_("Included. Leave it empty for an open end.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        try:
            cleaned["term"] = period(cleaned.get("first_day"), cleaned.get("last_day"))
        except ValueError as error:
            self.add_error("last_day", str(error))
        return cleaned

    def terms(self) -> dict[str, Any]:
        """What the services want to know."""
        return {name: self.cleaned_data[name] for name in ("unit", "area_m2", "price_per_m2_day", "term")}


class LettingForm(TermsForm):
    """A unit that a company would have."""

    company = CompanyField()

    def plan(self) -> Plan:
        """What it would begin, by the number that was typed so far."""
        said = self.cleaned_data
        number = str(self.data.get("number") or "")
        lease = Lease(number=number, company=said["company"], **self.terms())
        return Plan(said["first_day"], (), (lease,))


class SignLeaseForm(LettingForm):
    number = forms.CharField(label=_("Number of the lease"), max_length=64)

    field_order = ["company", "unit", "area_m2", "price_per_m2_day", "first_day", "last_day", "number"]


class VoidLeaseForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


def terms_of(lease: Lease) -> dict[str, Any]:
    """The initial values of a form for a lease that exists."""
    return {
        "unit": lease.unit.code,
        "area_m2": lease.area_m2,
        "price_per_m2_day": lease.price_per_m2_day,
        "first_day": first_day(lease.term),
        "last_day": last_day(lease.term),
    }
