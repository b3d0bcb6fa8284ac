"""The tables of units and leases."""

from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext
from django.utils.translation import gettext_lazy as _

from core import markup
from core.periods import Day, last_day
from core.tables import RIGHT, DayColumn, NumberColumn, PeriodColumn, PortalTable, TwoScriptColumn, in_two_scripts
from core.templatetags import ui
from spaces.choices import LeaseState
from spaces.models import Lease, Unit
from spaces.plans import Held, UnitState

TONES: dict[str, markup.Tone] = {
    LeaseState.VOID: "bad", LeaseState.IN_FORCE: "good", LeaseState.SIGNED: "info", LeaseState.ENDED_EARLY: "wait",
}  # fmt: skip


def state_of(lease: Lease, day: Day) -> tuple[str, markup.Tone]:
    """The lease's state on a day, in a word and its tone."""
    state = lease.state_on(day)
    return str(state.label), TONES.get(state, "quiet")


ROW_LINK = {"a": {"class": "zp-row-link"}}
STATE_TONES: dict[str, markup.Tone] = {
    "free": "good",
    "let": "quiet",
    "ending": "wait",
    "coming": "info",
    "shared": "info",
}


class AreaColumn(NumberColumn):
    """An area in m² with its two places."""

    def render(self, value: Any) -> str:
        return markup.number(value, 2)


def plan_url(unit: Unit) -> str:
    """The plan of the unit's floor."""
    return f"{reverse('spaces:plan', args=[unit.building_id])}?{urlencode({'floor': unit.floor})}"


def _correct(code: str) -> SafeString:
    words = gettext("Correct unit %(unit)s") % {"unit": code}
    return format_html('<a href="{}">{}</a>', reverse("spaces:unit_change", args=[code]), markup.icon("edit", words))


class UnitTable(PortalTable):
    region = "units"
    caption = _("Units")
    empty_title = _("No units found")

    code = tables.Column(
        verbose_name=_("Unit"), linkify=lambda record: plan_url(record), attrs={"td": {"class": "zp-num"}, **ROW_LINK}
    )
    campus = TwoScriptColumn(accessor="building__campus", verbose_name=_("Campus"), order_by="building__campus__code")
    building = tables.Column(accessor="building__code", verbose_name=_("Building"))
    floor = tables.Column(verbose_name=_("Floor"))
    area_m2 = AreaColumn(verbose_name=_("Area in m²"))
    state = tables.Column(accessor="leases_on", verbose_name=_("State"), orderable=False, empty_values=())
    until = tables.Column(accessor="leases_on", verbose_name=_("Until"), orderable=False, empty_values=())
    change = tables.Column(accessor="code", verbose_name=_("Correct"), orderable=False, exclude_from_export=True)

    class Meta:
        model = Unit
        fields: tuple[str, ...] = ()
        order_by = "code"

    def render_state(self, value: list[Lease]) -> SafeString:
        if not value:
            return markup.pill(gettext("free"), "good")
        lease = value[0]
        name = markup.local_name(lease.company)
        return format_html('<a href="{}">{}</a>', reverse("spaces:lease_detail", args=[lease.number]), name)

    def render_change(self, value: str) -> SafeString:
        return _correct(value)

    def render_until(self, value: list[Lease]) -> Any:
        if not value:
            return markup.NOTHING
        last = last_day(value[0].term)
        return ui.day(last) if last else pgettext("end of a period", "open")


class LeaseTable(PortalTable):
    """`on` is the day whose state the rows tell."""

    region = "leases"
    caption = _("Leases")
    empty_title = _("No leases found")

    number = tables.Column(
        verbose_name=_("Lease"),
        linkify=("spaces:lease_detail", [tables.A("number")]),
        attrs={"a": {"class": "zp-row-link"}, "td": {"class": "zp-num"}},
    )
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    unit = tables.Column(accessor="unit__code", verbose_name=_("Unit"), attrs={"td": {"class": "zp-num zp-nowrap"}})
    campus = TwoScriptColumn(
        accessor="unit__building__campus", verbose_name=_("Campus"), order_by="unit__building__campus__code"
    )
    area_m2 = AreaColumn(verbose_name=_("Area in m²"))
    price_per_m2_day = tables.Column(verbose_name=_("¥ per m² and day"), attrs=RIGHT)
    term = PeriodColumn(verbose_name=_("Term"))
    state = tables.Column(verbose_name=_("State"), orderable=False, empty_values=())

    class Meta:
        model = Lease
        fields: tuple[str, ...] = ()
        order_by = "-term"

    def __init__(self, *args: Any, on: Day, **options: Any):
        super().__init__(*args, **options)
        self.on = on

    def render_state(self, record: Lease) -> SafeString:
        return markup.pill(*state_of(record, self.on))


class ComingFreeTable(PortalTable):
    """Leases that end soon, after which nobody has the unit yet."""

    region = "coming-free"
    caption = _("Units that come free")
    empty_title = _("No unit comes free")
    empty_icon = "layout-grid"

    unit = tables.Column(accessor="unit__code", verbose_name=_("Unit"), attrs={"td": {"class": "zp-num zp-nowrap"}})
    campus = TwoScriptColumn(
        accessor="unit__building__campus", verbose_name=_("Campus"), order_by="unit__building__campus__code"
    )
    area_m2 = AreaColumn(accessor="unit__area_m2", verbose_name=_("Area in m²"))
    company = TwoScriptColumn(accessor="company", verbose_name=_("Company"), order_by="company__name_key")
    last_day = DayColumn(accessor="last_day", order_by="term__endswith", verbose_name=_("Last day"))
    number = tables.Column(
        verbose_name=_("Lease"),
        linkify=("spaces:lease_detail", [tables.A("number")]),
        attrs={"td": {"class": "zp-num"}},
    )

    class Meta:
        model = Lease
        fields: tuple[str, ...] = ()


class PlanTable(PortalTable):
    """What the plan of a floor draws, in words."""

    region = "plan-rows"
    caption = _("Units of the floor")
    empty_title = _("No units on this floor")

    code = tables.Column(verbose_name=_("Unit"), attrs={"td": {"class": "zp-num"}})
    area_m2 = AreaColumn(accessor="unit__area_m2", verbose_name=_("Area in m²"))
    state = tables.Column(verbose_name=_("State"))
    company = tables.Column(accessor="lease", verbose_name=_("Company"), empty_values=())
    desks = tables.Column(accessor="unit__desks", verbose_name=_("Desks"), attrs=RIGHT)
    day = DayColumn(verbose_name=_("Until, or from"))
    lease = tables.Column(verbose_name=_("Lease"))
    change = tables.Column(accessor="code", verbose_name=_("Correct"))

    class Meta:
        orderable = False

    def __init__(self, *args: Any, is_staff: bool, **options: Any):
        super().__init__(*args, **options)
        self.is_staff = is_staff

    def render_state(self, record: Held) -> SafeString:
        return markup.pill(str(record.state.label), STATE_TONES[record.state])

    def render_company(self, value: Lease | None) -> Any:
        if value is None:
            return markup.NOTHING
        if not self.is_staff:
            return in_two_scripts(value.company)
        url = reverse("companies:detail", args=[value.company.code])
        return format_html('<a href="{}">{}</a>', url, in_two_scripts(value.company))

    def render_desks(self, value: int, record: Held) -> str:
        return f"{record.desks_taken} / {value}" if value else markup.NOTHING

    def render_day(self, record: Held) -> Any:
        day = ui.day(record.day)
        return format_html(gettext("from {}"), day) if record.state == UnitState.COMING else day

    def render_lease(self, value: Lease) -> SafeString:
        return format_html('<a href="{}">{}</a>', reverse("spaces:lease_detail", args=[value.number]), value.number)

    def render_change(self, value: str) -> SafeString:
        return _correct(value)
