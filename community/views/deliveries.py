"""Pages of support that was given: officers record, correct and void; a company's people see what it received."""

from typing import Any

from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.access import sign_in_required, staff_required
from accounts.models import User
from community.filters.support import DeliveryFilter
from community.forms.deliveries import DeliveryForm
from community.models import Delivery
from community.permissions import KEEPS_SUPPORT, can_give_support
from community.services import deliveries as services
from community.tables.support import DeliveryTable
from companies.models import Company
from companies.records.parts import Crumb, Facts, Words
from companies.records.views import RecordPages, reads, writes
from core.markup import Tone, plain_number
from core.periods import today
from core.templatetags import ui


class DeliveryPages(RecordPages):
    name = "delivery"
    plural = "deliveries"
    namespace = "community"
    model = Delivery
    key = "pk"
    columns = {}
    words = Words(
        one=gettext_lazy("Support given"),
        many=gettext_lazy("Support given"),
        enter=gettext_lazy("Record support"),
        change=gettext_lazy("Correct"),
        void=gettext_lazy("Declare this record of support void?"),
        none=gettext_lazy("Nothing was recorded yet."),
        why=gettext_lazy("What companies received of their lists of support: on which day, how much, and by whom."),
    )
    form = DeliveryForm
    table = DeliveryTable
    filters = DeliveryFilter

    def urls(self) -> list[URLPattern]:
        staff, officers = staff_required(), staff_required(KEEPS_SUPPORT)
        new_of_company = "companies/<str:code>/delivery-new/"
        return [
            path("deliveries/", staff(reads(self.list_page)), name="deliveries"),
            path("deliveries/<int:key>/", sign_in_required(reads(self.record_page)), name="delivery"),
            path("delivery-new/", officers(writes(self.new_page)), name="delivery_new"),
            path("delivery-change/<int:key>/", officers(writes(self.change_page)), name="delivery_change"),
            path("delivery-void/<int:key>/", officers(writes(self.void_page)), name="delivery_void"),
            path(
                "companies/<str:code>/deliveries/", sign_in_required(reads(self.part_page)), name="company_deliveries"
            ),
            path(new_of_company, officers(writes(self.new_page_of)), name="company_delivery_new"),
        ]

    def rows(self, rows: Any) -> Any:
        return rows.select_related("company", "item", "recorded_by")

    def enter(self, values: dict[str, Any], company: Any, by: User) -> Delivery:
        return services.record_delivery(company=company, **values, by=by, on=today())

    def change(self, record: Delivery, values: dict[str, Any], by: User) -> Delivery:
        return services.change_delivery(delivery=record, **values, by=by)

    def void(self, record: Delivery, reason: str, by: User) -> Delivery:
        return services.void_delivery(delivery=record, reason=reason, by=by)

    def may_enter(self, user: User, company: Company | None) -> bool:
        return can_give_support(user, company)

    def may_change(self, user: User, record: Delivery) -> bool:
        return can_give_support(user, record.company)

    def state(self, record: Delivery) -> tuple[Any, Tone] | None:
        return (_("void"), "bad") if record.voided_at is not None else None

    def way(self, user: User, company: Company | None) -> list[Crumb]:
        """For founders to all that their company received."""
        if user.is_staff_member or company is None:
            return super().way(user, company)
        return [(self.words.many, reverse("community:company_deliveries", args=[company.code]))]

    def facts(self, record: Delivery) -> Facts:
        return (
            (_("Support"), record.item),
            (_("Given on"), ui.day(record.given_on)),
            (_("Amount"), f"{plain_number(record.amount)} {record.item.get_unit_display()}"),
            (_("Given by"), record.given_by),
            (_("Note"), record.note),
            (_("Recorded by"), record.recorded_by.display_name),
        )


PAGES = DeliveryPages()
