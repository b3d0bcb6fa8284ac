"""Enter and change companies, their periods, stages and relations."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from accounts.models import User
from companies.choices import RelationKind
from companies.credit_codes import normalized
from companies.history import changed_since
from companies.models import Company, Relation, StageChange
from companies.names import derived_columns
from companies.permissions import can_change_profile, can_keep_register
from core import outbox, records
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import Day, first_day, last_day, period

# What a company's owner changes himself; everything else is the register's.
PROFILE = frozenset({"name_zh", "website"})
FIELDS = frozenset(
    {
        "code", "name", "name_zh", "uscc", "kind", "industry", "founded_on", "registration", "operation", "stage",
        "listed", "bad_credit", "country", "website",
    }
)  # fmt: skip


@transaction.atomic
def create_company(*, by: User, on: Day, reason: str = "", **values: Any) -> Company:
    """Enter a company with the given fields; a stage that is given begins on the day `on`."""
    _refuse_stranger(by)
    company = Company()
    _assign(company, values)
    records.save(company)
    _record_stage(company, since=on, reason=reason, by=by)
    outbox.record("company.changed", company.code, {"company": company.code})
    return company


@transaction.atomic
def change_company(
    *, company: Company, values: Mapping[str, Any], revision: int | None = None, by: User, on: Day, reason: str = ""
) -> Company:
    """Change the given fields. `revision` is that of the page on which they were typed: when somebody has changed the
    company since, a Conflict says who and what. A new stage begins on the day `on`."""
    if not (can_keep_register(by) or (can_change_profile(by, company) and PROFILE.issuperset(values))):
        raise NotAllowed(_("The officers keep the register; owners change the Chinese name and the website."))
    return _change(company, values, revision=revision, by=by, on=on, reason=reason)


def register_company(*, company: Company, first: Day, last: Day | None = None, by: User, on: Day) -> Company:
    """The company is registered in the zone from the first to the last day, both included; open without a last."""
    return change_company(company=company, values={"registration": _period(first, last)}, by=by, on=on)


def deregister_company(*, company: Company, last: Day, by: User, on: Day) -> Company:
    """The company's registration in the zone ends with the given day."""
    first = first_day(company.registration)
    return change_company(company=company, values={"registration": _period(first, last)}, by=by, on=on)


def set_operation(*, company: Company, first: Day | None, last: Day | None, by: User, on: Day) -> Company:
    """The company operates from the first to the last day, both included; null is unknown, or open at the end."""
    return change_company(company=company, values={"operation": _period(first, last)}, by=by, on=on)


@transaction.atomic
def add_relation(
    *, company: Company, other: Company, kind: str, first: Day | None = None, last: Day | None = None, by: User
) -> Relation:
    """`other` is the parent, sister or controller of `company`."""
    _refuse_stranger(by)
    if kind not in RelationKind.values:
        raise Incomplete(_("There is no relation of the kind %(kind)s.") % {"kind": kind})
    relation = records.save(Relation(company=company, other=other, kind=kind, valid=_period(first, last)))
    outbox.record("relation.changed", company.code, {"company": company.code, "other": other.code})
    return relation


@transaction.atomic
def remove_relation(*, relation: Relation, by: User) -> None:
    """Take back a relation that was entered in error; the audit trail keeps it."""
    _refuse_stranger(by)
    company, other = relation.company.code, relation.other.code
    relation.delete()
    outbox.record("relation.changed", company, {"company": company, "other": other})


def _refuse_stranger(by: User) -> None:
    if not can_keep_register(by):
        raise NotAllowed(_("The officers keep the register."))


def _period(first: Day | None, last: Day | None) -> DateRange | None:
    try:
        return period(first, last)
    except ValueError as error:
        raise Incomplete(str(error)) from error


def _change(
    company: Company, values: Mapping[str, Any], *, revision: int | None, by: User, on: Day, reason: str
) -> Company:
    held = Company.objects.select_for_update(of=("self",)).select_related("merged_into").get(pk=company.pk)
    if held.merged_into is not None:
        words = {"company": held.code, "other": held.merged_into.code}
        raise Conflict(_("%(company)s was merged into %(other)s: change that one.") % words, code="company_merged")
    if revision is not None and revision != held.revision:
        _refuse_stale(held, revision)
    stage = held.stage
    changed = _assign(held, values)
    if not changed:
        return held
    code = Company.objects.values_list("code", flat=True).get(pk=held.pk)
    records.save(held, fields=[*changed, *derive(held), "updated_at"])
    held.revision += 1  # as the trigger has counted
    if held.stage != stage:
        _record_stage(held, since=on, reason=reason, by=by)
    outbox.record("company.changed", held.code, {"company": held.code, "fields": sorted(changed), "was": code})
    return held


def _assign(company: Company, values: Mapping[str, Any]) -> list[str]:
    """Set the fields and what is derived from them; returns the names of those that differ."""
    if unknown := sorted(set(values) - FIELDS):
        raise Incomplete(_("A company has no field %(names)s.") % {"names": ", ".join(unknown)})
    changed = []
    for name, value in values.items():
        tidy = _tidy(name, value)
        if getattr(company, name) != tidy:
            setattr(company, name, tidy)
            changed.append(name)
    derive(company)
    return changed


def _tidy(name: str, value: Any) -> Any:
    if name == "uscc":
        return normalized(value or "") or None
    if name in ("registration", "operation") and value is not None and not (first_day(value) or last_day(value)):
        return None  # both days unknown is an unknown period
    return value.strip() if isinstance(value, str) else value


def derive(company: Company) -> list[str]:
    """Set what follows from the company's names and addresses; returns the names of these fields."""
    derived = derived_columns(
        code=company.code, name=company.name, name_zh=company.name_zh, uscc=company.uscc, website=company.website
    )
    for name, value in derived.items():
        setattr(company, name, value)
    return list(derived)


def _record_stage(company: Company, *, since: Day, reason: str, by: User) -> None:
    if company.stage or company.stage_changes.exists():
        StageChange.objects.create(company=company, stage=company.stage, since=since, reason=reason, by=by)


def _refuse_stale(company: Company, revision: int) -> None:
    """Say who changed what since the page was loaded."""
    steps = changed_since(company, revision)
    told = [
        _("%(who)s changed %(what)s")
        % {"who": step.by or _("An import"), "what": ", ".join(c.label for c in step.changes)}
        for step in steps
    ]
    raise Conflict(
        _(
            "Somebody changed this company while you were editing. %(changes)s. Nothing was saved: compare, and save"
            " again."
        )
        % {"changes": "; ".join(told) or _("The changes are in its history")},
        code="stale",
    )
