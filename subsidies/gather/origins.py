"""Where the facts of a company come from: who changed what they rest on last, and when, out of the audit trail.

One query for each register, whatever the number of facts.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from companies.models import Company
from spaces.models import Lease


@dataclass(frozen=True)
class Register:
    """A table of records, and how its events name the company."""

    name: str
    model: Any
    company: str


@dataclass(frozen=True)
class Origin:
    """The last change of what a fact rests on. `user` is the person's id; `actor` what did it instead: a file."""

    register: str
    at: dt.datetime
    user: int | None
    actor: str


Rests = Mapping[str, Sequence[str]]  # register -> its fields

REGISTERS = (Register("company", Company, "pgh_obj"), Register("leases", Lease, "company"))

LEASE = ("company_id", "term", "voided_at")
REGISTRATION: Rests = {"company": ("registration",)}
OPERATION: Rests = {"company": ("operation",)}
PREMISES: Rests = {"company": ("operation",), "leases": LEASE}
AREA: Rests = {"leases": (*LEASE, "area_m2")}

RESTS_ON: Mapping[str, Rests] = {
    "kind": {"company": ("kind",)},
    "registered_on": REGISTRATION,
    "deregistered_on": REGISTRATION,
    "registered": REGISTRATION,
    "operating_from": OPERATION,
    "operating_until": OPERATION,
    "founded_on": {"company": ("founded_on",)},
    "listed": {"company": ("listed",)},
    "bad_credit": {"company": ("bad_credit",)},
    "settled": PREMISES,
    "ever_settled": PREMISES,
    "first_settled_on": PREMISES,
    "moved_in_on": PREMISES,
    "leases_in_force": {"leases": LEASE},
    "leased_area": AREA,
    "relief_of_month": {
        "company": ("registration", "operation"),
        "leases": (*AREA["leases"], "price_per_m2_day"),
    },
}


def origins(company: Company) -> dict[str, Origin]:
    """Fact -> the last change of what it rests on; a fact that rests on nothing in the audit trail is not there."""
    events = {register.name: _events(register, company) for register in REGISTERS}
    found = {name: _latest(events, rests) for name, rests in RESTS_ON.items()}
    return {name: origin for name, origin in found.items() if origin}


def people(company: Company, found: Iterable[Origin], *, is_staff: bool) -> dict[int, str]:
    """The names behind the ids, as the staff may read them; for founders only those of their own colleagues."""
    known = User.objects.filter(pk__in={origin.user for origin in found if origin.user})
    if not is_staff:
        known = known.filter(memberships__company=company, role_grants=None)
    return {user.pk: user.display_name for user in known}


def _events(register: Register, company: Company) -> list[dict[str, Any]]:
    """The events of the company's rows, oldest first: the fields that facts rest on, when and by whom."""
    fields = {name for rests in RESTS_ON.values() for name in rests.get(register.name, ())}
    model = register.model._meta.get_field("events").related_model
    return list(
        model.objects.filter(**{register.company: company.pk})
        .order_by("pgh_id")
        .values("pgh_obj_id", "pgh_label", "pgh_created_at", "pgh_context__metadata", *sorted(fields))
    )


def _latest(events: Mapping[str, list[dict[str, Any]]], rests: Rests) -> Origin | None:
    found = [
        _origin(register, event) for register, fields in rests.items() for event in _changing(events[register], fields)
    ]
    # What one transaction wrote has one time: of these the last one counts.
    return max(reversed(found), key=lambda origin: origin.at, default=None)


def _changing(events: Iterable[dict[str, Any]], fields: Sequence[str]) -> Iterator[dict[str, Any]]:
    """The events that changed one of `fields`: additions that say something, removals, and updates that differ from
    the event before."""
    before: dict[int, tuple[Any, ...]] = {}
    nothing = (None,) * len(fields)
    for event in events:
        values = tuple(event[name] for name in fields)
        if event["pgh_label"] == "delete" or values != before.get(event["pgh_obj_id"], nothing):
            yield event
        before[event["pgh_obj_id"]] = values


def _origin(register: str, event: Mapping[str, Any]) -> Origin:
    metadata = event["pgh_context__metadata"] or {}
    return Origin(register, event["pgh_created_at"], metadata.get("user"), str(metadata.get("actor", "")))
