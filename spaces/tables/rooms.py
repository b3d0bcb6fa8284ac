"""The tables of rooms and bookings."""

from types import SimpleNamespace
from typing import Any

import django_tables2 as tables
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from core import markup
from core.tables import FIGURES, MonthColumn, NumberColumn, PillColumn, PortalTable, TwoScriptColumn
from spaces.choices import BookingState, Equipment
from spaces.models import Allowance, Booking, Room
from spaces.slots import Slot, around_the_clock

TONES: dict[str, markup.Tone] = {
    BookingState.BOOKED: "info",
    BookingState.CHECKED_IN: "good",
    BookingState.RELEASED: "wait",
    BookingState.CANCELLED: "quiet",
}


def equipment_of(room: Room) -> str:
    """What the room has, in words."""
    return markup.listed(Equipment(code).label for code in room.equipment)


def holder_of(booking: Booking) -> str:
    """For whom a booking is."""
    if booking.company:
        return markup.plain_name(booking.company)
    return booking.guest or gettext("the zone")


class SlotColumn(tables.Column):
    """A time as the zone's clocks show it."""

    def __init__(self, **kwargs: Any):
        super().__init__(**{"attrs": FIGURES, **kwargs})

    def render(self, value: Any) -> str:
        return Slot.of(value).written(timezone.get_default_timezone())


class RoomTable(PortalTable):
    region = "rooms"
    caption = _("Rooms")
    empty_title = _("No rooms found")

    code = tables.Column(
        verbose_name=_("Room"),
        linkify=("spaces:room", [tables.A("code")]),
        attrs={"a": {"class": "zp-row-link"}, "td": {"class": "zp-num"}},
    )
    name = TwoScriptColumn(accessor="name", verbose_name=_("Name"))
    field = tables.Column(verbose_name=pgettext_lazy("of the four", "Field"))
    campus = TwoScriptColumn(accessor="campus", verbose_name=_("Campus"), order_by="campus__code")
    capacity = NumberColumn(verbose_name=_("Places"))
    equipment = tables.Column(verbose_name=_("Equipment"), orderable=False, empty_values=())
    hours = tables.Column(accessor="opening", verbose_name=_("Open"), orderable=False)

    class Meta:
        model = Room
        fields: tuple[str, ...] = ()
        order_by = "code"

    def render_equipment(self, record: Room) -> str:
        return equipment_of(record) or markup.NOTHING

    def render_hours(self, record: Room) -> SafeString:
        if not record.is_active:
            return markup.pill(gettext("not booked any more"), "quiet")
        if record.opening == around_the_clock():
            return markup.pill(gettext("around the clock"), "good")
        return markup.pill(gettext("at times"), "info")


class BookingTable(PortalTable):
    region = "bookings"
    caption = _("Bookings")
    empty_title = _("No bookings found")
    empty_hint = _("Choose a free time in the day view: a click books it.")

    title = tables.Column(
        verbose_name=_("Booking"),
        linkify=("spaces:booking", [tables.A("code")]),
        attrs={"a": {"class": "zp-row-link"}},
    )
    period = SlotColumn(verbose_name=_("Time"))
    room = tables.Column(verbose_name=_("Room"), order_by="room__code")
    company = tables.Column(verbose_name=_("For"), order_by="company__name_key", empty_values=())
    booked_by = tables.Column(verbose_name=_("Booked by"), order_by="booked_by__name")
    state = PillColumn(TONES, verbose_name=_("State"))

    class Meta:
        model = Booking
        fields: tuple[str, ...] = ()
        order_by = "period"

    def render_room(self, record: Booking) -> SafeString:
        return format_html("{} {}", record.room.code, markup.local_name(record.room))

    def render_company(self, record: Booking) -> Any:
        return markup.local_name(record.company) if record.company else holder_of(record)


class AllowanceTable(PortalTable):
    region = "allowances"
    caption = _("Credits a month")
    empty_title = _("No allowances yet")
    empty_hint = _("Without one, a company books only rooms that cost no credits.")

    whose = tables.Column(verbose_name=_("For"), empty_values=(), orderable=False)
    since = MonthColumn(verbose_name=_("From the month"))
    until = MonthColumn(verbose_name=_("Up to the month"))
    credits = NumberColumn(verbose_name=_("Credits a month"))
    reason = tables.Column(verbose_name=_("Reason"), orderable=False, empty_values=())
    withdraw = tables.TemplateColumn(
        template_name="spaces/_withdraw.html", verbose_name=_("Withdraw"), orderable=False, empty_values=()
    )

    class Meta:
        model = Allowance
        fields: tuple[str, ...] = ()
        order_by = "-since"

    def __init__(self, *args: Any, may_withdraw: bool, **options: Any):
        super().__init__(*args, exclude=() if may_withdraw else ("withdraw",), **options)

    def render_whose(self, record: Allowance) -> Any:
        if record.company:
            return markup.local_name(record.company)
        teams = [gettext("teams")] if record.for_teams else []
        where = [markup.plain_name(record.campus)] if record.campus else []
        return markup.listed([record.get_stage_display(), *teams, *where])

    def render_reason(self, record: Allowance) -> str:
        return record.reason or (gettext("support package") if record.by_package else markup.NOTHING)


class UsageTable(PortalTable):
    """Rows are those of `spaces.usage.by_company`."""

    region = "usage"
    caption = _("Hours by company")
    empty_title = _("No bookings in this time")

    company = tables.Column(accessor="company__name", verbose_name=_("Company"), empty_values=(), orderable=False)
    hours = NumberColumn(verbose_name=_("Hours"))
    bookings = NumberColumn(verbose_name=_("Bookings"))

    def render_company(self, record: dict[str, Any]) -> Any:
        if not record["company__code"]:
            return gettext("guests and the zone")
        named = SimpleNamespace(name=record["company__name"], name_zh=record["company__name_zh"])
        url = reverse("companies:detail", args=[record["company__code"]])
        return format_html('<a class="zp-row-link" href="{}">{}</a>', url, markup.local_name(named))
