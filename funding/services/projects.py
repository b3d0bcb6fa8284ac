"""Enter and change projects, score them, or declare them void. Told in the outbox as `project.changed`."""

import datetime as dt
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import outbox, records
from core.errors import NotAllowed
from funding import permissions
from funding.models import Project


@transaction.atomic
def enter_project(
    *,
    code: str,
    company: Company,
    title: str,
    kind: str,
    field: str = "",
    amount_requested: Decimal | None = None,
    by: User,
) -> Project:
    """Put a project forward, as leading or for the angel fund; the amount requested is in yuan."""
    if not permissions.can_enter(by, company):
        raise NotAllowed(_("Owners and editors of the company and officers put its projects forward."))
    said = {"title": title.strip(), "kind": kind, "field": field, "amount_requested": amount_requested}
    return _stored(Project(code=code.strip(), company=company, **said))


@transaction.atomic
def change_project(
    *, project: Project, title: str, kind: str, field: str, amount_requested: Decimal | None, by: User
) -> Project:
    """Change what is said about a project; its code and its company stay. Once it is scored only officers do."""
    held = _held_for_change(project, by)
    held.title, held.kind, held.field, held.amount_requested = title.strip(), kind, field, amount_requested
    return _stored(held)


@transaction.atomic
def score_project(*, project: Project, score: Decimal | None, scored_on: dt.date | None, by: User) -> Project:
    """Enter the panel's score of 0 to 100 points and its day; None for both takes a score back."""
    held = records.hold(project)
    if not permissions.can_score(by, held):
        raise NotAllowed(_("Reviewers enter the score of a project, and nobody that of his own company's."))
    held.score, held.scored_on = score, scored_on
    return _stored(held)


@transaction.atomic
def void_project(*, project: Project, reason: str, by: User) -> Project:
    """The project was entered in error: it never was, but stays on record with the reason."""
    held = records.declare_void(_held_for_change(project, by), reason)
    _tell(held)
    return held


def _held_for_change(project: Project, by: User) -> Project:
    """Locked first: whether it is scored may have changed a moment ago."""
    held = records.hold(project)
    if permissions.can_change_project(by, held):
        return held
    if held.score is not None and permissions.can_enter(by, held.company):
        words = {"project": held.code, "day": held.scored_on}
        raise NotAllowed(_("Project %(project)s was scored on %(day)s: ask the zone to change it.") % words)
    raise NotAllowed(_("Owners and editors of the company and officers change its projects."))


def _stored(project: Project) -> Project:
    records.save(project)
    _tell(project)
    return project


def _tell(project: Project) -> None:
    outbox.record("project.changed", project.code, {"company": project.company.code})
