"""What happened to one record, out of the audit trail: who changed what, from what to what."""

from collections.abc import Iterator
from typing import Any

from django.db.models import ForeignKey
from django.utils.translation import gettext as _

from companies.history import Change, Step, actor_of, actors, shown

UNTOLD = {"id", "created_at", "updated_at", "voided_at", "void_reason", "verified_at", "verified_by"}


def history_of(record: Any) -> list[Step]:
    """All steps, the newest first, in two queries."""
    model = type(record)
    linked = [field.name for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    known = [name for name in linked if name not in UNTOLD]
    events = list(record.events.select_related("pgh_context", *known).order_by("pgh_id"))
    people = actors(events)
    pairs = zip([None, *events[:-1]], events, strict=True)
    steps = (_step(model, before, event, actor_of(event, people)) for before, event in pairs)
    return [step for step in steps if step is not None][::-1]


def _step(model: type[Any], before: Any, event: Any, by: str) -> Step | None:
    if before is None:
        return Step(_("Entered"), event.pgh_created_at, by)
    if getattr(event, "voided_at", None) is not None and before.voided_at is None:
        return Step(_("Declared void"), event.pgh_created_at, by, about=event.void_reason)
    if getattr(event, "verified_at", None) != getattr(before, "verified_at", None):
        title = _("Verified") if event.verified_at else _("Verification taken back")
        return Step(title, event.pgh_created_at, by)
    changes = tuple(_changes(model, before, event))
    return Step(_("Changed"), event.pgh_created_at, by, changes=changes) if changes else None


def _changes(model: type[Any], before: Any, after: Any) -> Iterator[Change]:
    for field in model._meta.concrete_fields:
        if field.name in UNTOLD or not hasattr(after, field.attname):
            continue
        if getattr(before, field.attname) != getattr(after, field.attname):
            is_period = field.get_internal_type() == "DateRangeField"
            old, new = (_in_words(field, event) for event in (before, after))
            yield Change(str(field.verbose_name), old, new, is_period=is_period)


def _in_words(field: Any, event: Any) -> Any:
    if isinstance(field, ForeignKey):
        linked = getattr(event, field.name)
        return None if linked is None else str(linked)
    return shown(field, getattr(event, field.attname))
