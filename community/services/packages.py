"""Acts on support packages: bring a version into force from a day on, end one, withdraw one that has not begun.

Each is atomic, wants an officer (NotAllowed), and leaves the past as it was: what is in force is never changed, another
version follows it. Room credits become allowances of the rooms (`spaces`), by which bookings are counted. Incomplete
and Conflict say why it was refused; then nothing has changed.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from community.choices import Audience, SupportKind
from community.models import SupportItem, SupportPackage
from community.permissions import can_keep_support, refuse_stranger
from core import outbox, records
from core.errors import Conflict, Incomplete
from core.periods import DAY, Day, period
from spaces.models import Campus
from spaces.services.allowances import end_by_package, grant_by_package

Items = Sequence[Mapping[str, Any]]


@transaction.atomic
def bring_package(
    *,
    audience: str,
    stage: str,
    campus: Campus | None,
    since: Day,
    until: Day | None = None,
    items: Items,
    note: str = "",
    by: User,
    on: Day,
) -> SupportPackage:
    """A version from the day `since` to `until`, both included; without the latter until another follows. `items` are
    the fields of `SupportItem`, in their order. It begins on the present day `on` or later; where one is in force
    already, after that day."""
    refuse_stranger(can_keep_support(by))
    known = SupportPackage.objects.valid().of(audience=audience, stage=stage, campus=campus.pk if campus else None)
    _lock(known)
    before = known.filter(valid__contains=since).first()
    _refuse_past(since, on, follows=before is not None)
    _refuse_planned(known, since)
    if not items:
        raise Incomplete(_("A package has at least one item."), code="no_items")
    if before is not None:
        _close(before, since, by)
    made = SupportPackage(
        audience=audience, stage=stage, campus=campus, valid=_span(since, until), note=note.strip(), created_by=by
    )
    records.save(made)
    for position, values in enumerate(items):
        records.save(SupportItem(package=made, position=position, **values))
    _refuse_other_meaning(made)
    made.is_sealed = True
    made.save(update_fields=["is_sealed", "updated_at"])
    for item in made.items.filter(kind=SupportKind.ROOM_CREDITS):
        grant_by_package(
            since=since, until=made.valid.upper, amount=item.amount, by=by, **_key(made)  # type: ignore[arg-type]
        )  # fmt: skip
    return _told(made)


@transaction.atomic
def end_package(*, package: SupportPackage, last: Day, by: User, on: Day) -> SupportPackage:
    """It says nothing any more after the day `last`, and no other follows it yet. Days that are over stay."""
    refuse_stranger(can_keep_support(by))
    held = records.hold(package)
    if last < on:
        message = _("What was given on days that are over stays: end it on %(on)s or later.") % {"on": on}
        raise Incomplete(message, fields={"last": [message]})
    if held.since is not None and last < held.since:
        message = _("It has not begun by then: withdraw it instead.")
        raise Incomplete(message, fields={"last": [message]})
    if held.valid.upper is not None and last + DAY > held.valid.upper:
        message = _("It ends on %(last)s already.") % {"last": held.until}
        raise Conflict(message, code="ended_already", fields={"last": [message]})
    _close(held, last + DAY, by)
    return _told(held)


@transaction.atomic
def withdraw_package(*, package: SupportPackage, reason: str, by: User, on: Day) -> SupportPackage:
    """It was planned and does not come. The one that it would have followed goes on."""
    refuse_stranger(can_keep_support(by))
    held = records.hold(package)
    if held.since is None or held.since <= on:
        message = _("It is in force since %(since)s and stays on record: enter another version, or end it.")
        raise Conflict(message % {"since": held.since}, code="in_force")
    known = SupportPackage.objects.valid().of(audience=held.audience, stage=held.stage, campus=held.campus_id)
    _lock(known)
    begun = held.valid.lower
    if held.items.filter(kind=SupportKind.ROOM_CREDITS).exists():
        end_by_package(since=begun, until=begun, by=by, **_key(held))
    records.declare_void(held, reason)
    before = known.filter(valid__endswith=begun).first()
    if before is not None:
        after = known.filter(valid__startswith__gt=begun).order_by("valid").first()
        _close(before, after.valid.lower if after else None, by)
    return _told(held)


def _lock(known: Any) -> None:
    """Two officers who bring versions of one stage at the same moment come one after the other."""
    list(known.select_for_update(of=("self",)).values_list("pk", flat=True))


def _span(since: Day, until: Day | None) -> Any:
    try:
        return period(since, until)
    except ValueError as error:
        raise Incomplete(str(error), fields={"until": [str(error)]}) from error


def _refuse_past(since: Day, on: Day, *, follows: bool) -> None:
    if since < on or (follows and since == on):
        words = {"on": on}
        message = (
            _("A package is never changed for the past: let it follow from a day after %(on)s.")
            if follows
            else _("A package is never entered for the past: let it begin on %(on)s or later.")
        ) % words
        raise Incomplete(message, code="in_the_past", fields={"since": [message]})


def _refuse_planned(known: Any, since: Day) -> None:
    planned = known.filter(valid__startswith__gte=since).order_by("valid").first()
    if planned is not None:
        words = {"since": planned.since}
        message = _("Another version is planned from %(since)s: withdraw it first.") % words
        raise Conflict(message, code="planned_already", fields={"since": [message]})


def _refuse_other_meaning(made: SupportPackage) -> None:
    """What was given counts by the code: one code is one thing, counted in one unit, in all packages."""
    for item in made.items.all():
        others = SupportItem.objects.filter(code=item.code, package__voided_at=None)
        other = others.exclude(kind=item.kind, unit=item.unit).first()
        if other is not None:
            words = {"code": item.code, "kind": other.get_kind_display(), "unit": other.get_unit_display()}
            message = _("%(code)s is %(kind)s in %(unit)s in another package: take another code.") % words
            raise Conflict(message, code="other_meaning")


def _close(package: SupportPackage, end: Day | None, by: User) -> None:
    """It is in force up to the day `end`, which is not included; None: without an end."""
    if package.items.filter(kind=SupportKind.ROOM_CREDITS).exists():
        end_by_package(since=package.valid.lower, until=end, by=by, **_key(package))
    package.valid = _span(package.valid.lower, None if end is None else end - DAY)
    package.save(update_fields=["valid", "updated_at"])


def _key(package: SupportPackage) -> dict[str, Any]:
    return {"stage": package.stage, "for_teams": package.audience == Audience.TEAMS, "campus": package.campus}


def _told(package: SupportPackage) -> SupportPackage:
    outbox.record("support_package.changed", str(package.public_id), {"stage": package.stage})
    return package
