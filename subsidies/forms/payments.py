"""What is typed about rent that came in. What it means, the services decide."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.constraints import NUMBER_LENGTH
from core.forms import DayInput
from core.money import FEN, MOST_YUAN
from subsidies.choices import ReminderLevel


def _amount(**options: object) -> forms.DecimalField:
    return forms.DecimalField(
        label=_("Amount in yuan"), decimal_places=2, max_digits=18, min_value=FEN, max_value=MOST_YUAN,
        **options,  # type: ignore[arg-type]
    )  # fmt: skip


class RentPaymentForm(forms.Form):
    """A payment as the bank tells it."""

    transaction = forms.CharField(
        label=_("Transaction of the bank"),
        max_length=NUMBER_LENGTH,
        help_text=_("The bank's number of it: by it, a file that brings the same payment brings nothing new."),
    )
    paid_on = forms.DateField(label=_("Paid on"), widget=DayInput, input_formats=["%Y-%m-%d"])
    amount = _amount()
    payer = forms.CharField(label=_("Payer"), max_length=200, required=False)
    reference = forms.CharField(
        label=_("Reference"),
        max_length=300,
        required=False,
        help_text=_("What the payer wrote. Where it names a statement, the payment pays that one at once."),
    )


class AllotmentForm(forms.Form):
    """Which statement a payment pays, and how much of it."""

    number = forms.CharField(
        label=_("Number of the statement"),
        max_length=60,
        help_text=_("As RF47 R202 6050 0012 3, with or without blanks."),
    )
    amount = _amount(required=False, help_text=_("Empty: as far as the payment goes."))


class ReminderForm(forms.Form):
    level = forms.TypedChoiceField(choices=ReminderLevel.choices, coerce=int, widget=forms.HiddenInput)
