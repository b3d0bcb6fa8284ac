"""What happened to a lease, out of the audit trail: who changed what, from what to what."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import User
from spaces.models import Lease

LABELS = {field.name: field.verbose_name for field in Lease._meta.fields}
FIELDS = ("number", "company_id", "unit_id", "area_m2", "price_per_m2_day", "term")


@dataclass(frozen=True)
class Change:
    """One field that took another value. `kind` says how the page shows the two: as a term, or as they are."""

    label: str
    before: Any
    after: Any
    kind: str


@dataclass(frozen=True)
class Step:
    title: str
    at: dt.datetime
    by: str
    changes: tuple[Change, ...] = ()
    note: str = ""


def history_of(lease: Any) -> list[Step]:
    """All steps, the newest first, in two queries (three where units were exchanged)."""
    events = list(lease.events.select_related("pgh_context", "company", "unit").order_by("pgh_id"))
    people = _people(events)
    steps = [
        _step(before, event, people)
        for before, event in zip([None, *events[:-1]], events, strict=True)
        if before is None or _differs(before, event)
    ]
    return steps[::-1]


def _differs(before: Any, event: Any) -> bool:
    return any(getattr(before, name) != getattr(event, name) for name in (*FIELDS, "voided_at"))


def _people(events: list[Any]) -> dict[int, str]:
    """The names of those who are known by their number only."""
    named = [(event.pgh_context.metadata or {}).get("user") for event in events if event.pgh_context]
    known = {number for number in named if number is not None}
    return {user.pk: user.display_name for user in User.objects.filter(pk__in=known)}


def _step(before: Any, event: Any, people: dict[int, str]) -> Step:
    by = _actor(event, people)
    if before is None:
        return Step(_("Entered"), event.pgh_created_at, by)
    if event.voided_at is not None and before.voided_at is None:
        return Step(_("Declared void"), event.pgh_created_at, by, note=event.void_reason)
    return Step(_("Changed"), event.pgh_created_at, by, changes=tuple(_changes(before, event)))


def _actor(event: Any, people: dict[int, str]) -> str:
    metadata: dict[str, Any] = (event.pgh_context.metadata or {}) if event.pgh_context else {}
    return people.get(metadata.get("user", 0), "") or str(metadata.get("actor", ""))


def _changes(before: Any, event: Any) -> Iterator[Change]:
    for name in FIELDS:
        if getattr(before, name) != getattr(event, name):
            field = name.removesuffix("_id")
            label = str(LABELS[field])
            kind = "term" if name == "term" else "plain"
            yield Change(label, getattr(before, field), getattr(event, field), kind)
