"""Acts by which leases follow others, and the end before the agreed day.

Each is atomic, wants a person who keeps the zone's spaces (NotAllowed), and refuses what `lives.plans` refuses: terms
that do not meet, a lease that another follows already, a unit that somebody has. The leases that end are held before
the plan is made, so that of two officers the second one sees what the first one did; their order is that of the keys.
"""

from collections.abc import Iterable, Sequence

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Incomplete
from core.periods import Day
from core.records import constraint_of
from spaces.choices import LeaseAct, NoticeBy
from spaces.lives import plans
from spaces.lives.plans import Plan, Terms
from spaces.models import Ending, Lease, Succession
from spaces.permissions import refuse_stranger
from spaces.services.leases import held, stored


@transaction.atomic
def renew_lease(*, lease: Lease, day: Day, terms: Terms, reason: str = "", by: User) -> Lease:
    """The company stays in its unit: another lease begins on `day`, the day after the last one of this."""
    return _succeed(LeaseAct.RENEWED, [lease], [terms], day, reason, by)[0]


@transaction.atomic
def change_lease_from(*, lease: Lease, day: Day, terms: Terms, reason: str = "", by: User) -> Lease:
    """Another area or price from `day` on, in the same unit. What was agreed before that day stays as it was."""
    return _succeed(LeaseAct.CHANGED, [lease], [terms], day, reason, by)[0]


@transaction.atomic
def move_lease(*, lease: Lease, day: Day, terms: Terms, reason: str = "", by: User) -> Lease:
    """The company has another unit from `day` on."""
    return _succeed(LeaseAct.MOVED, [lease], [terms], day, reason, by)[0]


@transaction.atomic
def split_lease(*, lease: Lease, day: Day, parts: Sequence[Terms], reason: str = "", by: User) -> list[Lease]:
    """One lease becomes several, each of a unit of its own; the old unit may be one of them."""
    return _succeed(LeaseAct.SPLIT, [lease], parts, day, reason, by)


@transaction.atomic
def merge_leases(*, leases: Sequence[Lease], day: Day, terms: Terms, reason: str = "", by: User) -> Lease:
    """Several leases of a company become one, of whichever unit."""
    return _succeed(LeaseAct.MERGED, leases, [terms], day, reason, by)[0]


@transaction.atomic
def end_lease(*, lease: Lease, last_day: Day, notice_by: str, reason: str, by: User) -> Lease:
    """The company leaves before the agreed day: `last_day` is its last one in the unit.

    Conflict where another lease follows: what was agreed for later never hangs in the air.
    """
    refuse_stranger(by)
    (one,) = held([lease])
    if not reason.strip():
        message = _("Say why the lease ends.")
        raise Incomplete(message, fields={"reason": [message]})
    if notice_by not in NoticeBy.values:
        message = _("Say who gave notice.")
        raise Incomplete(message, fields={"notice_by": [message]})
    plan, agreed = plans.ending(one, last_day), one.term.upper
    _shorten(plan)
    Ending.objects.create(
        lease=one, until=plan.day, agreed_until=agreed, notice_by=notice_by, reason=reason.strip(), by=by
    )
    return one


def _succeed(
    act: LeaseAct, leases: Sequence[Lease], successors: Sequence[Terms], day: Day, reason: str, by: User
) -> list[Lease]:
    refuse_stranger(by)
    found = {lease.pk: lease for lease in held(leases)}
    plan = plans.succession(act, [found[lease.pk] for lease in leases], successors, day)
    _shorten(plan)
    begun = [stored(lease) for lease in plan.after]
    lines = [
        Succession(before=before, after=after, act=act, day=day, reason=reason.strip(), by=by)
        for before in plan.before
        for after in begun
    ]
    _record(lines)
    return begun


def _shorten(plan: Plan) -> None:
    for lease, term in plan.shortened():
        lease.term = term
        stored(lease)


def _record(lines: Iterable[Succession]) -> None:
    """What only the database can see under concurrency (a lease of a file that came meanwhile) becomes words."""
    try:
        with transaction.atomic():
            Succession.objects.bulk_create(lines)
    except IntegrityError as error:
        if constraint_of(error) not in {"spaces_succession_terms_meet", "spaces_succession_followed_once"}:
            raise
        message = _("Somebody changed one of these leases meanwhile. Look at it again.")
        raise Conflict(message, code="lease_changed") from error
