"""What happened to a company, out of the audit trail: who changed what, when, from what to what."""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from companies.models import DERIVED, Company, Membership, Relation

UNTOLD = {*DERIVED, "id", "revision", "created_at", "updated_at"}
LATEST = 200
ACTS = {
    "insert": gettext_lazy("Added"),
    "update": gettext_lazy("Changed"),
    "delete": gettext_lazy("Removed"),
}


@dataclass(frozen=True)
class Change:
    """One field that took another value; `is_period` says that the two are periods."""

    label: str
    before: Any
    after: Any
    is_period: bool = False


@dataclass(frozen=True)
class Step:
    """One line of the history. `about` names the person or company it concerns, if not the company itself."""

    title: str
    at: dt.datetime
    by: str
    about: str = ""
    changes: tuple[Change, ...] = ()


def history_of(company: Any) -> list[Step]:
    """The latest steps of the company, its people and its relations, newest first, in a fixed number of queries."""
    own = list(company.events.select_related("pgh_context").order_by("pgh_id"))
    members = _events(Membership, "user", company=company)
    relations = _events(Relation, "other", company=company)
    people = actors([*own, *members, *relations])
    steps = [*_steps(Company, own, people, lambda _event: "")]
    steps += _steps(Membership, members, people, lambda event: event.user.display_name if event.user else "")
    steps += _steps(Relation, relations, people, lambda event: str(event.other.name) if event.other else "")
    return sorted(steps, key=lambda step: step.at, reverse=True)[:LATEST]


def changed_since(company: Any, revision: int) -> list[Step]:
    """What others changed in the company's own fields after the given revision, oldest first."""
    events = list(company.events.select_related("pgh_context").filter(revision__gte=revision).order_by("pgh_id"))
    return [step for step in _steps(Company, events, actors(events), lambda _event: "") if step.changes]


def actors(events: Iterable[Any]) -> dict[int, str]:
    """The names behind the numbers in the events' contexts."""
    known = {(event.pgh_context.metadata or {}).get("user") for event in events if event.pgh_context}
    return {user.pk: user.display_name for user in User.objects.filter(pk__in=[pk for pk in known if pk])}


def _events(model: Any, about: str, **lookup: Any) -> list[Any]:
    event_model = model._meta.get_field("events").related_model
    return list(event_model.objects.filter(**lookup).select_related("pgh_context", about).order_by("pgh_id"))


def _steps(model: type[models.Model], events: Iterable[Any], people: dict[int, str], about: Any) -> Iterator[Step]:
    """A step for each event; each is compared with the event before it of the same row."""
    before: dict[int, Any] = {}
    for event in events:
        changes = tuple(_changes(model, before[event.id], event)) if event.id in before else ()
        if changes or event.pgh_label != "update":
            yield Step(
                title=str(ACTS[event.pgh_label]),
                at=event.pgh_created_at,
                by=actor_of(event, people),
                about=about(event),
                changes=changes if event.pgh_label == "update" else (),
            )
        before[event.id] = event


def actor_of(event: Any, people: dict[int, str]) -> str:
    """Who did it: by name, with the key if a program acted for him and the file if he brought one, or what the context
    says of a command."""
    metadata = (event.pgh_context.metadata or {}) if event.pgh_context else {}
    person = people.get(metadata.get("user", 0), "")
    if person and "key_name" in metadata:
        return _("%(person)s, by the key %(key)s") % {"person": person, "key": metadata["key_name"]}
    if person and "file" in metadata:
        return _("%(person)s, by the file %(file)s") % {"person": person, "file": metadata["file"]}
    return person or metadata.get("actor", "")


def _changes(model: type[models.Model], before: Any, after: Any) -> Iterator[Change]:
    for field in model._meta.concrete_fields:
        if field.name in UNTOLD or not hasattr(after, field.attname):
            continue
        old, new = getattr(before, field.attname), getattr(after, field.attname)
        if old != new:
            is_period = field.get_internal_type() == "DateRangeField"
            label = str(field.verbose_name)
            yield Change(label, shown(field, old), shown(field, new), is_period=is_period)


def shown(field: Any, value: Any) -> Any:
    """A stored value in words: the label of a choice, yes and no, None for unknown."""
    if value in (None, ""):
        return None
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    return dict(field.flatchoices).get(value, value) if field.choices else value
