"""The four fields of the demo zone: rooms in the three campuses, what they cost, and the bookings of two weeks."""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from dataclasses import field as part
from decimal import Decimal
from random import Random

from django.utils import timezone

from accounts.models import User
from companies.choices import Stage
from companies.models import Company
from core.periods import DAY, month_start
from spaces.choices import BookingState, Equipment, Frequency, RoomField
from spaces.models import Booking, Campus, Room, Series
from spaces.services import rooms as services
from spaces.slots import QUARTER, Slot, cost_of
from zone_portal.demo.places import CAMP, CENTER, SHUQIWAN
from zone_portal.demo.support import CREDITS

SEED = "the rooms of the four fields"
DAYS = range(-6, 8)
QUIET, BOOKED_BEFORE, EARLIER_DAYS = 8, 6, 110  # companies, bookings of each, and the days since the last of them
TITLES = (
    "Team meeting", "Sprint review", "客户演示", "Investor call", "产品评审", "User test", "Interviews", "模型评测",
    "Rehearsal", "法务咨询", "Planning", "Workshop", "需求讨论", "Office hours",
)  # fmt: skip
SALON = "AI+ salon · 人工智能沙龙"


@dataclass(frozen=True)
class Plan:
    """A room. Only those that are open to guests are released when nobody comes: the others would be all day long."""

    code: str
    campus: str
    field: RoomField
    name: str
    name_zh: str
    capacity: int
    equipment: tuple[Equipment, ...]
    credits: str = "1.00"
    price: str = "60.00"
    rules: Mapping[str, object] = part(default_factory=dict)


E, F = Equipment, RoomField
SETTING_UP = {"minutes_before": 30, "minutes_after": 30, "longest_minutes": 600, "cancel_hours": 72}
LAB = {"minutes_after": 15, "stages": [Stage.NESTLING.value, Stage.CHICK.value]}
OPEN = {"for_guests": True, "release_minutes": 30, "cancel_hours": 2}
PLANS = (
    Plan("SQ-STAGE", SHUQIWAN.code, F.OPPORTUNITY, "Demo stage", "路演厅", 120, (E.STAGE, E.SOUND, E.PROJECTOR), "4.00",
         "400.00", SETTING_UP),
    Plan("SQ-LAUNCH", SHUQIWAN.code, F.OPPORTUNITY, "Launch room", "发布厅", 40, (E.SCREEN, E.SOUND), "2.00", "180.00"),
    Plan("SQ-LAB-1", SHUQIWAN.code, F.DEVELOPMENT, "Prototype lab", "原型实验室", 12, (E.WORKBENCH, E.PRINTER_3D),
         "1.50", "120.00", LAB),
    Plan("SQ-LAB-2", SHUQIWAN.code, F.DEVELOPMENT, "Model lab", "模型实验室", 10, (E.GPU, E.SCREEN), "2.00",
         "200.00", LAB),
    Plan("SQ-SALON", SHUQIWAN.code, F.EMERGENCE, "Salon", "沙龙", 30, (E.SOUND, E.KITCHEN), "1.00", "90.00"),
    Plan("SQ-TEA", SHUQIWAN.code, F.EMERGENCE, "Tea House", "茶室", 8, (E.KITCHEN, E.WHITEBOARD), "0.50", "40.00",
         OPEN),
    Plan("SQ-MEET-1", SHUQIWAN.code, F.FREE_SPACE, "Bamboo", "竹", 6, (E.SCREEN, E.WHITEBOARD), "0.50", "40.00", OPEN),
    Plan("SQ-MEET-2", SHUQIWAN.code, F.FREE_SPACE, "Willow", "柳", 6, (E.SCREEN, E.VIDEO), "0.50", "40.00", OPEN),
    Plan("SQ-QUIET", SHUQIWAN.code, F.FREE_SPACE, "Quiet room", "静室", 4, (E.QUIET,), "0.00", "0.00", OPEN),
    Plan("HC-HALL", CAMP.code, F.OPPORTUNITY, "Camp hall", "营地大厅", 80, (E.STAGE, E.PROJECTOR), "3.00", "300.00",
         SETTING_UP),
    Plan("HC-TEST", CAMP.code, F.DEVELOPMENT, "Test studio", "测试工作室", 8, (E.SCREEN, E.SOUND), "1.50", "120.00"),
    Plan("HC-MEET-1", CAMP.code, F.FREE_SPACE, "Camellia", "山茶", 8, (E.SCREEN, E.VIDEO)),
    Plan("HC-MEET-2", CAMP.code, F.FREE_SPACE, "Osmanthus", "桂花", 10, (E.SCREEN, E.WHITEBOARD)),
    Plan("HC-CAFE", CAMP.code, F.EMERGENCE, "Coffee talks", "咖啡对谈", 16, (E.KITCHEN,), "0.50", "50.00"),
    Plan("IC-FORUM", CENTER.code, F.OPPORTUNITY, "Forum", "论坛厅", 200, (E.STAGE, E.SOUND, E.VIDEO), "6.00", "800.00",
         SETTING_UP),
    Plan("IC-BOARD", CENTER.code, F.FREE_SPACE, "Board room", "董事会议室", 18, (E.SCREEN, E.VIDEO), "2.00", "160.00"),
)  # fmt: skip


def open_fields(*, today: dt.date, officer: User) -> None:
    """Enter the rooms and book, within the credits that the support packages grant."""
    campuses = {campus.code: campus for campus in Campus.objects.all()}
    rooms = [services.add_room(values=_values(plan, campuses[plan.campus]), by=officer) for plan in PLANS]
    booking = _Booking(today, officer)
    Booking.objects.bulk_create(
        [
            *booking.salons(rooms[4]),
            *(made for room in rooms for made in booking.of_room(room)),
            *booking.earlier(next(room for room in rooms if not room.credits_per_hour and not room.stages)),
        ]
    )


def _values(plan: Plan, campus: Campus) -> dict[str, object]:
    return {
        "code": plan.code, "name": plan.name, "name_zh": plan.name_zh, "campus": campus, "field": plan.field,
        "capacity": plan.capacity, "equipment": [str(one.value) for one in plan.equipment],
        "credits_per_hour": Decimal(plan.credits), "guest_price": Decimal(plan.price), "release_minutes": 0,
        **plan.rules,
    }  # fmt: skip


class _Booking:
    """Who books what: companies with members book themselves, officers for the others, within their credits."""

    def __init__(self, today: dt.date, officer: User) -> None:
        self.officer = officer
        self.today, self.now = today, timezone.now()
        self.random = Random(SEED)
        self.zone = timezone.get_default_timezone()
        here = Company.objects.filter(operation__contains=today).order_by("code").prefetch_related("memberships__user")
        members = [company for company in here if company.memberships.all()]
        self.companies = [*members * 6, *list(here)[:60]]
        self.others = list(here)[60:]
        self.used: dict[tuple[int, dt.date], Decimal] = {}

    latest = 18 * 60 + 30
    """The minute of the day from which on only salons are held."""

    def salons(self, room: Room) -> list[Booking]:
        """The zone's own, each week on the same evening; in `of_room` it is kept free."""
        series = Series.objects.create(frequency=Frequency.WEEKLY, times=2)
        first = self.today - 4 * DAY
        slots = [self._slot(first + week * 7 * DAY, 19 * 60, 120) for week in range(2)]
        return [self._made(room, slot, None, SALON, series) for slot in slots]

    def of_room(self, room: Room) -> Iterator[Booking]:
        """Now and then by day, a little by night."""
        for number in DAYS:
            day = self.today + number * DAY
            minute = self.random.choice((0, 8, 9, 9, 10, 13)) * 60 + room.minutes_before
            while minute < 18 * 60:
                length = self.random.choice((45, 60, 60, 90, 120, 180))
                company = self.random.choice(self.companies)
                slot = self._slot(day, minute, length)
                is_early = minute + length <= self.latest
                if is_early and self.random.random() < 0.6 and self._affords(company, room, slot):
                    yield self._made(room, slot, company, self.random.choice(TITLES))
                pause = self.random.choice((0, 30, 60, 90, 180))
                minute += length + pause + room.minutes_before + room.minutes_after

    def earlier(self, room: Room) -> Iterator[Booking]:
        """What some companies that come no more booked months ago."""
        for place, company in enumerate(self.others[:QUIET]):
            for number in range(BOOKED_BEFORE):
                day = self.today - (EARLIER_DAYS + place + QUIET * number) * DAY
                yield self._made(room, self._slot(day, 10 * 60, 60), company, TITLES[0])

    def _slot(self, day: dt.date, minute: int, length: int) -> Slot:
        midnight = dt.datetime.combine(day, dt.time(), self.zone)
        begins = midnight + minute // 15 * QUARTER
        return Slot(begins, begins + dt.timedelta(minutes=length))

    def _affords(self, company: Company, room: Room, slot: Slot) -> bool:
        if room.stages and company.stage not in room.stages:
            return False
        key, cost = (company.pk, self._month(slot)), cost_of(room.credits_per_hour, slot)
        used = self.used.get(key, Decimal(0)) + cost
        if used > CREDITS.get(company.stage, 0):  # type: ignore[call-overload]
            return False
        self.used[key] = used
        return True

    def _month(self, slot: Slot) -> dt.date:
        return month_start(slot.begins.astimezone(self.zone).date())

    def _made(
        self, room: Room, slot: Slot, company: Company | None, title: str, series: Series | None = None
    ) -> Booking:
        members = list(company.memberships.all()) if company else []
        state = BookingState.BOOKED
        if slot.begins <= self.now and slot.begins.astimezone(self.zone).date() <= self.today:
            state = BookingState.RELEASED if self.random.random() < 0.08 else BookingState.CHECKED_IN
        return Booking(
            room=room, period=slot.span, company=company, title=title, series=series, state=state,
            booked_by=members[0].user if members else self.officer, month=self._month(slot),
            credits=cost_of(room.credits_per_hour, slot) if company else Decimal(0),
        )  # fmt: skip
