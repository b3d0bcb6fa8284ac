"""The life of leases in the demo zone, by the services that people use: one of each act, offers, deposits, day passes.

What was done already holds from the first of this month, so that no month that was billed is touched.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core.errors import Conflict
from core.periods import DAY, last_day, month_start, next_month, period
from spaces import services
from spaces.lives import lineage
from spaces.lives.plans import Terms
from spaces.models import Lease, LeaseOffer, Unit
from spaces.rules import rent_of
from spaces.services import day_passes, deposits
from zone_portal.demo.zone import Zone

YEAR = 365  # days
WITH_DEPOSIT = 60  # leases in force; those of the founders come to them
AFTER_LEAVING = 6
DEPOSIT_DAYS = 90  # of rent
DAMAGE = Decimal("1280.00")
PASS_PRICE = Decimal("60.00")
RESIDENTS = (("Noor Aziz", "noor.aziz"), ("陈思远", "chen.siyuan"))


@dataclass(frozen=True)
class Desk:
    """Who acts, on which day, in which zone."""

    zone: Zone
    officer: User
    treasurer: User

    @property
    def today(self) -> dt.date:
        return self.zone.today

    @property
    def since(self) -> dt.date:
        """From when what was done this month holds."""
        return month_start(self.today)


def live(zone: Zone, *, officer: User, treasurer: User) -> None:
    """Let some leases live, offer some units, and keep the deposits of many."""
    desk = Desk(zone, officer, treasurer)
    _keep_deposits(desk)
    leases = _leases_of(desk, "settled")
    _renew(desk, next(lease for lease in leases if lease.last_day and lease.last_day > desk.today + 7 * DAY))
    going_on = (lease for lease in leases if _goes_on(desk, lease))
    _change(desk, next(going_on))
    _move(desk, next(going_on))
    _split(desk, next(going_on))
    _end(desk, next(going_on))
    _offer(desk)
    _give_passes(desk)


def _leases_of(desk: Desk, story: str) -> list[Lease]:
    """The leases that are in force since before this month, of the companies of a story; those that end first come
    first, open ones last."""
    codes = [company.code for company in desk.zone.of_story(story)]
    found = Lease.objects.in_force_on(desk.today).filter(company__code__in=codes, term__startswith__lt=desk.since)
    return list(found.with_places().order_by("term__endswith", "number"))


def _goes_on(desk: Desk, lease: Lease) -> bool:
    """Nothing followed it so far, and it has half a year ahead."""
    last = last_day(lease.term)
    followed = Lease.objects.filter(pk=lease.pk).followed().exists()
    return not followed and (last is None or last > desk.today + 180 * DAY)


# --- Acts --------------------------------------------------------------------------------------------------------


def _terms(lease: Lease, **other: object) -> Terms:
    kept: dict[str, object] = {
        "number": lineage.suggested_numbers(lease)[0],
        "unit": lease.unit,
        "area_m2": lease.area_m2,
        "price_per_m2_day": lease.price_per_m2_day,
        "last_day": lease.last_day,
    }
    return Terms(**(kept | other))  # type: ignore[arg-type]


def _renew(desk: Desk, lease: Lease) -> None:
    following = lineage.day_after(lease)
    if following is None:
        return
    price = (lease.price_per_m2_day * Decimal("1.04")).quantize(Decimal("0.0001"), ROUND_HALF_UP)
    terms = _terms(lease, price_per_m2_day=price, last_day=following + YEAR * DAY)
    services.renew_lease(lease=lease, day=following, terms=terms, by=desk.officer)


def _change(desk: Desk, lease: Lease) -> None:
    """It gives a part of its rooms back, and its deposit goes over to the lease that follows."""
    area = (lease.area_m2 * Decimal("0.8")).quantize(Decimal("0.01"), ROUND_HALF_UP)
    after = services.change_lease_from(
        lease=lease, day=desk.since, terms=_terms(lease, area_m2=area), reason=_("A room was given back."),
        by=desk.officer,
    )  # fmt: skip
    received = _receive(desk, lease)
    deposits.hand_over_deposit(lease=lease, to=after, amount=received, day=desk.since, on=desk.today, by=desk.treasurer)


def _move(desk: Desk, lease: Lease) -> None:
    """Its deposit was left behind: the page of the lease says so."""
    _receive(desk, lease)
    unit = _free_unit(desk, lease.area_m2)
    services.move_lease(
        lease=lease, day=desk.since, terms=_terms(lease, unit=unit), reason=_("Closer to its customers."),
        by=desk.officer,
    )  # fmt: skip


def _split(desk: Desk, lease: Lease) -> None:
    half = (lease.area_m2 / 2).quantize(Decimal("0.01"), ROUND_HALF_UP)
    numbers = lineage.suggested_numbers(lease, 2)
    parts = [
        _terms(lease, number=numbers[0], area_m2=half),
        _terms(lease, number=numbers[1], area_m2=half, unit=_free_unit(desk, half)),
    ]
    services.split_lease(
        lease=lease, day=next_month(desk.today), parts=parts, reason=_("Laboratory and office part."), by=desk.officer
    )


def _end(desk: Desk, lease: Lease) -> None:
    last = next_month(next_month(desk.today)) - DAY
    services.end_lease(
        lease=lease, last_day=last, notice_by="company", reason=_("The company moves to another city."),
        by=desk.officer,
    )  # fmt: skip


def _offer(desk: Desk) -> None:
    """To companies that wait for a unit, and to that of a founder; one was withdrawn."""
    first = next_month(desk.today)
    companies = [*desk.zone.of_story("waits_for_a_unit")[:2], desk.zone.of_story("several_units")[0]]
    for place, company in enumerate(companies, start=1):
        unit = _free_unit(desk, Decimal(20))
        offer = services.make_offer(
            number=f"OFFER-{desk.today.year}-{place:03}", company=Company.objects.get(code=company.code), unit=unit,
            area_m2=unit.area_m2, price_per_m2_day=Decimal("3.2"), term=period(first, first + YEAR * DAY),
            deposit=_quarter(unit.area_m2, Decimal("3.2")), valid_until=desk.today + 14 * DAY, on=desk.today,
            by=desk.officer,
        )  # fmt: skip
        if place == 1:
            services.withdraw_offer(offer=offer, reason=_("The unit is being repaired."), by=desk.officer)


def _free_unit(desk: Desk, area: Decimal) -> Unit:
    """The smallest unit of that area that nobody has or is offered from this month on, and that holds no desks."""
    ahead = Q(term__endswith__gt=desk.since) | Q(term__upper_inf=True)
    let = Lease.objects.valid().filter(ahead).values("unit")
    kept = LeaseOffer.objects.reserving().values("unit")
    free = Unit.objects.filter(area_m2__gte=area, desks=0).exclude(pk__in=let).exclude(pk__in=kept)
    found: Unit | None = free.select_related("building").order_by("area_m2", "code").first()
    if found is None:
        raise LookupError(f"no unit of {area} m² is free from {desk.since} on")
    return found


# --- Deposits ----------------------------------------------------------------------------------------------------


def _quarter(area: Decimal, price: Decimal) -> Decimal:
    """A deposit of three months, in whole hundreds of yuan."""
    rent = rent_of(area_m2=area, price_per_m2_day=price, days=DEPOSIT_DAYS)
    return (rent / 100).quantize(Decimal(1), ROUND_HALF_UP) * 100


def _keep_deposits(desk: Desk) -> None:
    """Most were paid whole, some by half; of leases that are over some were returned, one with a deduction."""
    for place, lease in enumerate(_with_deposit(desk)):
        amount = _agree(desk, lease)
        if place % 10 != 0:
            _paid(desk, lease, amount / 2 if place % 7 == 0 else amount)
    codes = [company.code for company in desk.zone.of_story("leaves")]
    over = Lease.objects.valid().filter(company__code__in=codes, term__endswith__lte=desk.today)
    for place, lease in enumerate(over.with_places().order_by("-term__endswith", "number")[:AFTER_LEAVING]):
        amount = _agree(desk, lease)
        _paid(desk, lease, amount)
        if place % 3 != 0:  # the others wait for the treasurer
            _give_back(desk, lease, amount, DAMAGE if place == 1 and amount > DAMAGE else Decimal(0))


def _with_deposit(desk: Desk) -> Iterator[Lease]:
    stories = ("several_units", "relief_ends_within_a_month", "deregisters", "registration_unknown")
    founders = [desk.zone.of_story(story)[0].code for story in stories]
    acted_on = [company.code for company in desk.zone.of_story("settled")]
    in_force = Lease.objects.in_force_on(desk.today).exclude(company__code__in=acted_on).with_places()
    yield from in_force.filter(company__code__in=founders).order_by("number")
    yield from in_force.exclude(company__code__in=founders).order_by("number")[:WITH_DEPOSIT]


def _agree(desk: Desk, lease: Lease) -> Decimal:
    amount, first = _quarter(lease.area_m2, lease.price_per_m2_day), lease.first_day or desk.today
    deposits.agree_deposit(lease=lease, amount=amount, day=first, by=desk.officer)
    return amount


def _receive(desk: Desk, lease: Lease) -> Decimal:
    amount = _agree(desk, lease)
    _paid(desk, lease, amount)
    return amount


def _paid(desk: Desk, lease: Lease, amount: Decimal) -> None:
    if amount:
        first = min(lease.first_day or desk.today, desk.today)
        deposits.receive_deposit(lease=lease, amount=amount, day=first, on=desk.today, by=desk.treasurer)


def _give_back(desk: Desk, lease: Lease, amount: Decimal, withheld: Decimal) -> None:
    if not amount:
        return
    reason = _("A door was broken: the joiner's invoice.") if withheld else ""
    deposits.return_deposit(
        lease=lease, returned=amount - withheld, withheld=withheld, reason=reason, day=desk.today, on=desk.today,
        by=desk.treasurer,
    )  # fmt: skip


# --- Day passes --------------------------------------------------------------------------------------------------


def _give_passes(desk: Desk) -> None:
    """For some days back and ahead, at the desks of the shared office."""
    unit = Unit.objects.filter(desks__gt=0).order_by("-desks", "code").first()
    if unit is None:
        raise Conflict(_("The zone has no unit with desks."))
    told = [*desk.zone.of_story("waits_for_a_unit")[:3], desk.zone.of_story("several_units")[0]]
    companies = [Company.objects.get(code=company.code) for company in told]
    for place in range(12):
        person, mailbox = RESIDENTS[place % len(RESIDENTS)]
        holder = (
            {"person": person, "email": f"{mailbox}@example.org"}
            if place % 3 == 2
            else {"company": companies[place % len(companies)]}
        )
        day_passes.give_day_pass(
            unit=unit, day=desk.today + (place - 8) * DAY, price_per_desk=PASS_PRICE, by=desk.officer, **holder
        )
