"""Where the facts of a company come from: who changed what they rest on last, and when, out of the audit trail.

One query for each register, whatever the number of facts.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from community.models import Talent
from companies.models import Company, Report
from funding.models import Loan, Project, Repayment
from spaces.models import DeskMembership, Lease
from subsidies.models import Expense, Supplier


@dataclass(frozen=True)
class Register:
    """A table of records, and which of its events are about a company."""

    model: Any
    about: Callable[[Company], dict[str, Any]]


@dataclass(frozen=True)
class Origin:
    """The last change of what a fact rests on. `user` is the person's id; `actor` what did it instead: a file."""

    register: str
    at: dt.datetime
    user: int | None
    actor: str


@dataclass(frozen=True)
class Rests:
    """Fields of a register that a fact rests on; of all rows, or of those that are as `only` says."""

    register: str
    fields: tuple[str, ...]
    only: tuple[tuple[str, str], ...] = ()


REGISTERS: Mapping[str, Register] = {
    "company": Register(Company, lambda company: {"pgh_obj": company.pk}),
    "leases": Register(Lease, lambda company: {"company": company.pk}),
    "desks": Register(DeskMembership, lambda company: {"company": company.pk}),
    "loans": Register(Loan, lambda company: {"company": company.pk}),
    "repayments": Register(Repayment, lambda company: {"loan__company": company.pk}),
    "talents": Register(Talent, lambda company: {"company": company.pk}),
    "projects": Register(Project, lambda company: {"company": company.pk}),
    "costs": Register(Expense, lambda company: {"company": company.pk}),
    "suppliers": Register(
        Supplier, lambda company: {"pgh_obj__in": Expense.objects.filter(company=company).values("supplier")}
    ),
    "reports": Register(Report, lambda company: {"company": company.pk}),
}

VALID = ("company_id", "voided_at")
REGISTRATION = Rests("company", ("registration",))
OPERATION = Rests("company", ("operation",))
TERMS = Rests("leases", (*VALID, "term"))
AREAS = Rests("leases", (*TERMS.fields, "area_m2"))
PRICES = Rests("leases", (*AREAS.fields, "price_per_m2_day"))
DESKS = Rests("desks", (*VALID, "term"))
PREMISES = (OPERATION, DESKS, TERMS)
DRAWN = Rests("loans", (*VALID, "drawn_on", "due_on"))
OWED = (
    Rests("loans", (*DRAWN.fields, "principal", "annual_rate_percent")),
    Rests("repayments", ("voided_at", "paid_on", "principal")),
)
EMPLOYED = Rests("talents", (*VALID, "employment"))
GRADED = Rests("talents", (*EMPLOYED.fields, "grade"))
ADMITTED = Rests("suppliers", ("admission", "company_id"))
SIZE = Rests("reports", (*VALID, "verified_at", "period_end", "months", "employees", "revenue"))


def _costs(point: str) -> Rests:
    return Rests("costs", (*VALID, "supplier_id", "amount", "paid_on", "kind"), (("point", point),))


def _projects(kind: str, *fields: str) -> Rests:
    return Rests("projects", (*VALID, *fields), (("kind", kind),))


VOUCHERS = (_costs("ai_vouchers"), ADMITTED)

RESTS_ON: Mapping[str, tuple[Rests, ...]] = {
    "kind": (Rests("company", ("kind",)),),
    **dict.fromkeys(("registered_on", "deregistered_on", "registered"), (REGISTRATION,)),
    **dict.fromkeys(("operating_from", "operating_until"), (OPERATION,)),
    **{name: (Rests("company", (name,)),) for name in ("founded_on", "listed", "bad_credit")},
    **dict.fromkeys(("settled", "ever_settled", "first_settled_on", "moved_in_on"), PREMISES),
    "leases_in_force": (TERMS,),
    "leased_area": (AREAS,),
    "relief_of_month": (REGISTRATION, OPERATION, DESKS, PRICES),
    **dict.fromkeys(("setup_costs_documented", "setup_costs_in_time", "setup_costs"), (_costs("settlement"),)),
    **dict.fromkeys(("talents", "talents_unawarded", "talents_employed_from"), (EMPLOYED,)),
    **{f"talents_{name}": (GRADED,) for name in ("recognised", "a", "b", "c", "d", "e")},
    **dict.fromkeys(("leading_projects", "leading_unawarded"), (_projects("leading"),)),
    **{f"leading_{name}": (_projects("leading", "score"),) for name in ("score", "top", "plain")},
    **dict.fromkeys(("angel_projects", "angel_uninvested"), (_projects("angel"),)),
    "angel_score": (_projects("angel", "score"),),
    **{f"angel_{name}": (_projects("angel", "score", "amount_requested"),) for name in ("at_cap", "below_cap")},
    "loan_balance": OWED,
    **dict.fromkeys(("ever_borrowed", "first_loan_on", "reference_rates"), (DRAWN,)),
    "interest_support_of_month": (REGISTRATION, *PREMISES, *OWED),
    "voucher_costs": VOUCHERS[:1],
    **{f"voucher_costs_{name}": VOUCHERS for name in ("admitted", "unrelated", "fresh")},
    **dict.fromkeys(("model_costs", "compute_costs", "compute_other_costs"), VOUCHERS),
    "small_company": (SIZE,),
    **dict.fromkeys(("activity_costs_documented", "activity_costs"), (_costs("activities"),)),
}


def origins(company: Company) -> dict[str, Origin]:
    """Fact -> the last change of what it rests on; a fact that rests on nothing in the audit trail is not there."""
    events = {name: _events(name, company) for name in REGISTERS}
    found = {name: _latest(events, rests) for name, rests in RESTS_ON.items()}
    return {name: origin for name, origin in found.items() if origin}


def people(company: Company, found: Iterable[Origin], *, is_staff: bool) -> dict[int, str]:
    """The names behind the ids, as the staff may read them; for founders only those of their own colleagues."""
    known = User.objects.filter(pk__in={origin.user for origin in found if origin.user})
    if not is_staff:
        known = known.filter(memberships__company=company, role_grants=None)
    return {user.pk: user.display_name for user in known}


def _events(name: str, company: Company) -> list[dict[str, Any]]:
    """The events of the company's rows, oldest first: the fields that facts rest on, when and by whom."""
    register = REGISTERS[name]
    wanted = [rests for several in RESTS_ON.values() for rests in several if rests.register == name]
    fields = {field for rests in wanted for field in (*rests.fields, *(key for key, _value in rests.only))}
    model = register.model._meta.get_field("events").related_model
    return list(
        model.objects.filter(**register.about(company))
        .order_by("pgh_id")
        .values("pgh_obj_id", "pgh_label", "pgh_created_at", "pgh_context__metadata", *sorted(fields))
    )


def _latest(events: Mapping[str, list[dict[str, Any]]], several: Iterable[Rests]) -> Origin | None:
    found = [
        _origin(rests.register, event)
        for rests in several
        for event in _changing(_like(events[rests.register], rests), rests.fields)
    ]
    # What one transaction wrote has one time: of these the last one counts.
    return max(reversed(found), key=lambda origin: origin.at, default=None)


def _like(events: Iterable[dict[str, Any]], rests: Rests) -> Iterator[dict[str, Any]]:
    return (event for event in events if all(event[key] == value for key, value in rests.only))


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
