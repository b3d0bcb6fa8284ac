"""What an act would do to leases: which end on the day before, and which begin on the day. Nothing is written here.

A page shows a plan before it is carried out, and the service carries out a plan made anew under its locks. Every plan
refuses what cannot be (Incomplete, Conflict), whatever the act.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from companies.models import Company
from core.errors import Conflict, Incomplete
from core.periods import DAY, Day, first_day, last_day, period
from spaces.choices import LeaseAct
from spaces.models import Lease, Unit
from spaces.refusals import places as refusals


@dataclass(frozen=True)
class Terms:
    """What is agreed for a lease that begins; `last_day` None leaves its end open."""

    number: str
    unit: Unit
    area_m2: Decimal
    price_per_m2_day: Decimal
    last_day: Day | None


@dataclass(frozen=True)
class Plan:
    """`before` end on the day before `day`, `after` (not stored) begin on it. All are of one company. Where a unit is
    let anew there is nothing before."""

    day: Day
    before: tuple[Lease, ...]
    after: tuple[Lease, ...] = ()

    @property
    def company(self) -> Company:
        return (self.before or self.after)[0].company

    def shortened(self) -> list[tuple[Lease, DateRange]]:
        """Those of `before` that would have gone on, each with its new term."""
        return [
            (lease, DateRange(first_day(lease.term), self.day, "[)"))
            for lease in self.before
            if lease.term.upper != self.day
        ]


def succession(act: LeaseAct, leases: Iterable[Lease], successors: Sequence[Terms], day: Day) -> Plan:
    """The plan of an act by which leases follow others. Raises Incomplete and Conflict."""
    before = tuple(leases)
    refuse_followed(before)
    for lease in before:
        _refuse_day(act, lease, day)
    _refuse_shape(act, before, successors)
    plan = Plan(day, before, tuple(_begun(before[0].company, terms, day) for terms in successors))
    _refuse_numbers(plan.after)
    return plan


def ending(lease: Lease, last: Day) -> Plan:
    """The plan of an end before the day that was agreed."""
    refuse_followed([lease])
    first, agreed = first_day(lease.term), last_day(lease.term)
    if first is not None and last < first:
        words = {"lease": lease.number, "first": first}
        raise _incomplete("last_day", _("Lease %(lease)s begins on %(first)s: it cannot end before.") % words)
    if agreed is not None and last >= agreed:
        words = {"lease": lease.number, "last": agreed}
        raise _incomplete("last_day", _("Lease %(lease)s ends on %(last)s already: name an earlier day.") % words)
    return Plan(last + DAY, (lease,))


def refuse_followed(leases: Iterable[Lease]) -> None:
    """Conflict for a lease that another follows: what is agreed for later must be undone first."""
    pks = [lease.pk for lease in leases]
    followed = Lease.objects.filter(pk__in=pks).followed().order_by("number").first()
    if followed is not None:
        after = followed.followed_by.filter(after__voided_at=None).select_related("after").first()
        words = {"lease": followed.number, "day": after.day, "after": after.after.number}
        message = _(
            "Lease %(lease)s is followed by lease %(after)s from %(day)s on. End that one, or declare it void if it was"
            " entered in error."
        )
        raise Conflict(message % words, code="lease_followed")


def _refuse_day(act: LeaseAct, lease: Lease, day: Day) -> None:
    """A renewal begins when the lease has run out; a change while it runs; anything else on a day of either."""
    first, last = first_day(lease.term), last_day(lease.term)
    words = {"lease": lease.number, "first": first, "last": last, "day": day}
    if act == LeaseAct.RENEWED and last is None:
        message = _("Lease %(lease)s has no end: there is nothing to renew. Change it from a day on.") % words
        raise Conflict(message, code="open_end")
    if first is not None and day <= first:
        raise _incomplete("day", _("Lease %(lease)s begins on %(first)s: name a later day.") % words)
    if last is None or (day <= last and act != LeaseAct.RENEWED):
        return
    if day != last + DAY:
        message = _("Lease %(lease)s ends on %(last)s: what follows it begins on the day after.") % words
        raise Conflict(message, code="terms_do_not_meet", fields={"day": [message]})
    if act == LeaseAct.CHANGED:
        message = _("Lease %(lease)s ends on %(last)s: from the day after on it is renewed, not changed.") % words
        raise Conflict(message, code="renew_instead", fields={"day": [message]})


def _refuse_shape(act: LeaseAct, before: Sequence[Lease], successors: Sequence[Terms]) -> None:
    """How many leases become how many, and in which units."""
    units = [terms.unit for terms in successors]
    if len({lease.company_id for lease in before}) > 1:
        raise Incomplete(_("Only leases of one company are merged."))
    if len(units) != len(set(units)):
        raise Incomplete(_("Each of the leases needs a unit of its own: enter the parts of a unit as units first."))
    if act == LeaseAct.MERGED and len({other.pk for other in before}) < 2:
        raise _incomplete("others", _("Choose at least one other lease to merge it with."))
    if act == LeaseAct.SPLIT and len(successors) < 2:
        raise Incomplete(_("A lease is split into two at least."))
    if act in {LeaseAct.RENEWED, LeaseAct.CHANGED, LeaseAct.MOVED}:
        _refuse_terms(act, before[0], successors[0])


def _refuse_terms(act: LeaseAct, lease: Lease, terms: Terms) -> None:
    """What one lease that follows another may say."""
    if act == LeaseAct.MOVED and terms.unit == lease.unit:
        raise _incomplete("unit", _("The company has this unit already: name another."))
    if act != LeaseAct.MOVED and terms.unit != lease.unit:
        raise _incomplete("unit", _("In another unit the company moves: that is an act of its own."))
    if act == LeaseAct.CHANGED and _same(lease, terms):
        raise _incomplete("area_m2", _("Change the area or the price: both are as they were."))


def _same(lease: Lease, terms: Terms) -> bool:
    return (lease.area_m2, lease.price_per_m2_day) == (terms.area_m2, terms.price_per_m2_day)


def _begun(company: Company, terms: Terms, day: Day) -> Lease:
    try:
        term = period(day, terms.last_day)
    except ValueError as error:
        raise _incomplete("last_day", str(error)) from error
    return Lease(
        number=terms.number, company=company, unit=terms.unit, area_m2=terms.area_m2,
        price_per_m2_day=terms.price_per_m2_day, term=term,
    )  # fmt: skip


def _refuse_numbers(leases: Sequence[Lease]) -> None:
    numbers = [lease.number for lease in leases]
    taken = Lease.objects.filter(number__in=numbers).values_list("number", flat=True).first()
    twice = next((number for number in numbers if numbers.count(number) > 1), None)
    if taken or twice:
        raise _incomplete(
            "number", _("There is a lease with the number %(number)s already.") % {"number": taken or twice}
        )


def refuse_contradictions(plan: Plan) -> None:
    """Conflict where a lease that would begin is larger than its unit, or another has the unit: for the words of a
    preview. The service asks again for each lease that it stores."""
    for lease in plan.after:
        if lease.area_m2 > lease.unit.area_m2:
            raise refusals.beyond_unit(lease)
        other = refusals.in_the_way_of(lease, ended=plan.before)
        if other is not None:
            raise refusals.unit_taken(lease, other)
        offer = refusals.offer_in_the_way_of(lease)
        if offer is not None:
            raise refusals.unit_offered(lease, offer)


def _incomplete(field: str, message: str) -> Incomplete:
    return Incomplete(message, fields={field: [message]})
