"""A lease's life read back: what came before it and what came of it, by day, and what its successors may be called."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from core.periods import DAY, Day, first_day, last_day
from spaces.choices import LeaseAct
from spaces.models import Ending, Lease, Succession
from spaces.querysets.places import LeaseQuerySet

# Along the successions in either direction. UNION drops what was found before, so that it comes to an end.
FAMILY = """
    WITH RECURSIVE family (id) AS (
        SELECT %s::bigint
        UNION
        SELECT CASE WHEN line.before_id = family.id THEN line.after_id ELSE line.before_id END
        FROM spaces_succession line JOIN family ON family.id IN (line.before_id, line.after_id)
    )
    SELECT id FROM family
"""
LONGEST_ROOT = 56  # characters of a number that leave room for what is appended


@dataclass(frozen=True)
class Moment:
    """Something in the life of a lease. `leases` are those that it tells of; `others` those that it led to."""

    day: Day
    title: str
    leases: tuple[Lease, ...]
    others: tuple[Lease, ...] = ()
    reason: str = ""
    by: str = ""
    at: dt.datetime | None = None
    is_to_come: bool = False


def family(lease: Lease) -> LeaseQuerySet:
    """The lease, all that led to it and all that came of it, with their places. Ordered by first day and number."""
    found = [row.pk for row in Lease.objects.raw(FAMILY, [lease.pk])]
    return Lease.objects.filter(pk__in=found).with_places().order_by("term", "number")


def life(leases: LeaseQuerySet, on: Day) -> list[Moment]:
    """What happened to the leases of a family, the latest first. Three queries."""
    lines = Succession.objects.select_related("by").order_by("day", "pk")
    endings = Ending.objects.select_related("by").order_by("pk")
    known = {
        lease.pk: lease
        for lease in leases.prefetch_related(Prefetch("followed_by", lines), Prefetch("endings", endings))
    }
    moments = [*_beginnings(known.values()), *_successions(known), *_endings(known.values())]
    moments = [
        Moment(**{**vars(moment), "is_to_come": moment.day > on})
        for moment in sorted(moments, key=lambda moment: (moment.day, bool(moment.others)))
    ]
    return moments[::-1]


def _beginnings(leases: Iterable[Lease]) -> Iterator[Moment]:
    """Of those that follow no other."""
    followers = {line.after_id for lease in leases for line in lease.followed_by.all()}
    for lease in leases:
        first = first_day(lease.term)
        if lease.pk not in followers and first is not None:
            yield Moment(first, _("Begins"), (lease,))


def _successions(known: dict[int, Lease]) -> Iterator[Moment]:
    lines = [line for lease in known.values() for line in lease.followed_by.all() if line.after_id in known]
    acts = list(dict.fromkeys((line.act, line.day, line.at) for line in lines))
    for act, day, at in acts:
        own = [line for line in lines if (line.act, line.day, line.at) == (act, day, at)]
        before = tuple(known[pk] for pk in dict.fromkeys(line.before_id for line in own))
        after = tuple(known[pk] for pk in dict.fromkeys(line.after_id for line in own))
        title = str(LeaseAct(act).label)
        yield Moment(day, title, before, after, own[0].reason, own[0].by.display_name, at)


def _endings(leases: Iterable[Lease]) -> Iterator[Moment]:
    for lease in leases:
        early = [ending for ending in lease.endings.all() if ending.until == lease.term.upper]
        if early:
            told = early[-1]
            words = {"who": told.get_notice_by_display()}
            yield Moment(
                told.last_day, _("Ends before the agreed day; notice by %(who)s") % words, (lease,),
                reason=told.reason, by=told.by.display_name, at=told.at,
            )  # fmt: skip
        elif not lease.followed_by.all() and (last := last_day(lease.term)):
            yield Moment(last, _("Ends"), (lease,))


def suggested_numbers(lease: Lease, count: int = 1) -> list[str]:
    """Free numbers for what follows the lease: that of the first of its line, and the next of -2, -3, …"""
    root = family(lease).values_list("number", flat=True)[0][:LONGEST_ROOT]
    taken = set(Lease.objects.filter(number__startswith=f"{root}-").values_list("number", flat=True))
    found: list[str] = []
    place = 2
    while len(found) < count:
        number = f"{root}-{place}"
        if number not in taken:
            found.append(number)
        place += 1
    return found


def day_after(lease: Lease) -> Day | None:
    """The first day after the lease; None where its end is open."""
    last = last_day(lease.term)
    return last + DAY if last else None
