"""Forms of offers: shape and type of what is typed. Whether it can be is decided by the services."""

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import DayInput
from core.money import MOST_YUAN
from spaces.forms import LettingForm


class OfferForm(LettingForm):
    """A lease that the zone offers a company."""

    deposit = forms.DecimalField(
        label=_("Deposit in yuan"), min_value=0, max_value=MOST_YUAN, decimal_places=2, initial=Decimal(0)
    )
    valid_until = forms.DateField(
        label=_("Valid until"), widget=DayInput, help_text=_("Included. Until then the unit is kept for the company.")
    )
    number = forms.CharField(label=_("Number of the offer"), max_length=64)

    use_required_attribute = False
    field_order = [
        "company", "unit", "area_m2", "price_per_m2_day", "first_day", "last_day", "deposit", "valid_until", "number",
    ]  # fmt: skip

    def offered(self) -> dict[str, Any]:
        """What the service wants to know."""
        said = self.cleaned_data
        return self.terms() | {name: said[name] for name in ("company", "deposit", "valid_until", "number")}


class SignOfferForm(forms.Form):
    number = forms.CharField(label=_("Number of the lease"), max_length=64)


class WithdrawForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea({"rows": 3}))


class DeclineForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False, widget=forms.Textarea({"rows": 3}))
