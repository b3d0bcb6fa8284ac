"""Forms of desk memberships: shape of what is typed. What can be, the services decide."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from companies.fields import CompanyField
from companies.records.forms import RecordForm
from core.forms import DayInput
from spaces.forms.leases import UnitField
from spaces.models import DeskMembership


class DeskForm(RecordForm):
    """A company is named, or a resident."""

    model = DeskMembership
    number = "number"
    typed = ("person", "email", "desk", "desks", "price_per_desk_month")
    field_order = (
        "company", "person", "email", "unit", "desk", "desks", "price_per_desk_month", "first_day", "last_day",
        "number",
    )  # fmt: skip

    company = CompanyField(required=False)
    unit = UnitField(label=_("Unit"), max_length=64)
    first_day = forms.DateField(label=_("First day"), widget=DayInput)
    last_day = forms.DateField(
        label=_("Last day"), widget=DayInput, required=False, help_text=_("Included. Leave it empty for an open end.")
    )

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["person"].help_text = _("Of a resident who has no company. Leave it empty for a company.")
        self.fields["desk"].help_text = _("The name of a fixed desk. Leave it empty for any desk that is free.")

    def initial_of(self, record: Any) -> dict[str, Any]:
        return super().initial_of(record) | {
            "unit": record.unit.code,
            "first_day": record.first_day,
            "last_day": record.last_day,
        }


class EndDeskForm(forms.Form):
    use_required_attribute = False

    last_day = forms.DateField(label=_("Last day"), widget=DayInput, help_text=_("The last day at the desk, included."))
