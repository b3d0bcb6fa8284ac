"""What happened to one record and its parts, out of the audit trail: who changed what, from what to what."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import ForeignKey
from django.utils.translation import gettext as _

from companies.history import Change, Step, actor_of, actors, shown

UNTOLD = {"id", "public_id", "created_at", "updated_at", "voided_at", "void_reason", "verified_at", "verified_by"}

Part = tuple[type[Any], str]
"""A model whose rows are parts of a record, and its field that leads to the record."""


def history_of(record: Any, parts: Sequence[Part] = ()) -> list[Step]:
    """All steps, the newest first, in two queries and one for each kind of part."""
    groups = [(type(record), _events(type(record), pgh_obj=record))]
    groups += [(model, _events(model, **{field: record.pk})) for model, field in parts]
    people = actors([event for _model, events in groups for event in events])
    found = [step for model, events in groups for step in _steps(model, events, people, model is not type(record))]
    return sorted(found, key=lambda step: step.at, reverse=True)


def _events(model: type[Any], **lookup: Any) -> list[Any]:
    linked = [field.name for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    known = [name for name in linked if name not in UNTOLD]
    events = model._meta.get_field("events").related_model.objects
    return list(events.filter(**lookup).select_related("pgh_context", *known).order_by("pgh_id"))


def _steps(model: type[Any], events: list[Any], people: dict[int, str], is_part: bool) -> Iterator[Step]:
    """A step for each event that tells something; each is compared with the one before of the same row."""
    before: dict[int, Any] = {}
    for event in events:
        about = _named(model, event) if is_part else ""
        title, changes, reason = _told(model, before.get(event.id), event)
        if event.id not in before and not getattr(model, "is_told_when_entered", True):
            title = ""
        before[event.id] = event
        if title:
            about = " · ".join(filter(None, (about, reason)))
            yield Step(title, event.pgh_created_at, actor_of(event, people), about=about, changes=changes)


def _named(model: type[Any], event: Any) -> str:
    """A part by its kind and its day, or by the field that the model names."""
    return f"{model._meta.verbose_name} {getattr(event, getattr(model, 'named_by', 'paid_on'), '')}".strip()


def _told(model: type[Any], before: Any, event: Any) -> tuple[str, tuple[Change, ...], str]:
    """The title of a step ("" for none), what changed, and the reason for which it was declared void."""
    if before is None:
        return _("Entered"), (), ""
    if getattr(event, "voided_at", None) is not None and before.voided_at is None:
        return _("Declared void"), (), event.void_reason
    if getattr(event, "verified_at", None) != getattr(before, "verified_at", None):
        return _("Verified") if event.verified_at else _("Verification taken back"), (), ""
    changes = tuple(_changes(model, before, event))
    return _("Changed") if changes else "", changes, ""


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
