"""The tables of support packages and of what was given."""

from typing import Any

import django_tables2 as tables
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from community.models import Delivery, SupportPackage
from core import markup
from core.markup import Tone
from core.periods import Day
from core.tables import FIGURES, RIGHT, DayColumn, PeriodColumn, PortalTable, TwoScriptColumn

ROW_LINK = {"a": {"class": "zp-row-link"}}


def state_of(package: SupportPackage, on: Day) -> tuple[str, Tone]:
    """In a word how a version stands on the day, and its tone."""
    if package.voided_at is not None:
        return gettext("withdrawn"), "quiet"
    if package.since is not None and package.since > on:
        return gettext("planned"), "info"
    if package.until is not None and package.until < on:
        return pgettext("support package", "over"), "quiet"
    return gettext("in force"), "good"


class PackageTable(PortalTable):
    region = "support-packages"
    caption = _("Support packages")
    empty_title = _("No support package yet")
    empty_hint = _("Without one, companies see no list of support.")

    stage = tables.Column(
        verbose_name=_("Stage"), linkify=("community:support_package", [tables.A("pk")]), attrs=ROW_LINK
    )
    audience = tables.Column(verbose_name=_("For"))
    campus = tables.Column(verbose_name=_("Campus"), empty_values=())
    valid = PeriodColumn(verbose_name=_("In force"))
    state = tables.Column(accessor="pk", orderable=False, verbose_name=_("State"))
    items = tables.Column(accessor="items_count", orderable=False, attrs=RIGHT, verbose_name=_("Items"))

    class Meta:
        model = SupportPackage
        fields: tuple[str, ...] = ()

    def __init__(self, *args: Any, on: Day, **options: Any):
        super().__init__(*args, **options)
        self.on = on

    def render_stage(self, record: SupportPackage) -> str:
        return capfirst(record.get_stage_display())

    def render_campus(self, record: SupportPackage) -> Any:
        return markup.local_name(record.campus) if record.campus else gettext("All campuses")

    def render_state(self, record: SupportPackage) -> SafeString:
        return markup.pill(*state_of(record, self.on))


class DeliveryTable(PortalTable):
    region = "deliveries"
    caption = _("Support given")
    empty_title = _("Nothing found")
    empty_hint = _("Try fewer words, or clear the filters.")

    given_on = DayColumn(
        verbose_name=_("Given on"),
        linkify=("community:delivery", [tables.A("pk")]),
        attrs={**ROW_LINK, "td": FIGURES["td"]},
    )
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    item = tables.Column(verbose_name=_("Support"), order_by="item__code")
    amount = tables.Column(verbose_name=_("Amount"), attrs=RIGHT)
    given_by = tables.Column(verbose_name=_("Given by"))

    class Meta:
        model = Delivery
        fields: tuple[str, ...] = ()
        order_by = "-given_on"

    def render_amount(self, record: Delivery) -> str:
        return f"{markup.plain_number(record.amount)} {record.item.get_unit_display()}"
