"""The form of a day pass: shape of what is typed. What can be, the services decide."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from companies.fields import CompanyField
from companies.records.forms import RecordForm
from spaces.forms.leases import UnitField
from spaces.models import DayPass


class DayPassForm(RecordForm):
    """A company is named, or a resident."""

    model = DayPass
    typed = ("person", "email", "day", "desks", "price_per_desk")
    field_order = ("company", "person", "email", "unit", "day", "desks", "price_per_desk")

    company = CompanyField(required=False)
    unit = UnitField(label=_("Unit"), max_length=64, help_text=_("One that has desks."))

    def __init__(self, *args: Any, **options: Any):
        super().__init__(*args, **options)
        self.fields["person"].help_text = _("Of a resident who has no company. Leave it empty for a company.")

    def initial_of(self, record: Any) -> dict[str, Any]:
        return super().initial_of(record) | {"unit": record.unit.code}
