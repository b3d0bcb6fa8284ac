"""What an officer does with an application: admit, ask for changes, decline. Two at once: one acts, one is told."""

from collections.abc import Mapping
from typing import Any

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from companies import wizard
from companies.choices import ApplicationState, ApplicationStep, Stage
from companies.models import Application, Company, Membership
from companies.permissions import can_decide_application
from companies.services import applications, register
from core import outbox
from core.errors import Incomplete, NotAllowed
from core.periods import Day, period

WAITING = frozenset({ApplicationState.SUBMITTED})


@transaction.atomic
def admit_application(
    *, application: Application, values: Mapping[str, Any] | None = None, by: User, on: Day
) -> Company:
    """Make the applicant a company of the register, and its people members of the workspace.

    `values` are the register's fields as the officer settled them; what is not given is taken from the answers
    (`proposed`). Without a `code` the next one of the year of `on` is given out.
    """
    _refuse_stranger(by, application)
    _hold(application)
    fields = {**proposed(application, on=on), **(values or {})}
    fields["code"] = fields.get("code") or next_code(on)
    company = register.create_company(by=by, on=on, **fields)
    for person in application.people.select_related("user"):
        Membership.objects.create(company=company, user=person.user, role=person.role)
    application.invitations.filter(accepted_at=None, revoked_at=None).update(application=None, company=company)
    applications.move(
        application,
        to=ApplicationState.ADMITTED,
        came_from=WAITING,
        step=ApplicationStep.ADMITTED,
        by=by,
        company=company,
        decided_at=timezone.now(),
        context={"code": company.code, "days": applications.days_since(first_sent(application), timezone.now())},
    )
    outbox.record("company.admitted", company.code, {"company": company.code})
    return company


@transaction.atomic
def ask_for_changes(*, application: Application, note: str, by: User) -> Application:
    """Give it back with what should be changed; Incomplete without words."""
    return _answer(application, note, ApplicationState.CHANGES_REQUESTED, ApplicationStep.CHANGES_REQUESTED, by)


@transaction.atomic
def decline_application(*, application: Application, reason: str, by: User) -> Application:
    """Decline it for good, with the reason that the applicant reads; Incomplete without one."""
    decided = {"decided_at": timezone.now()}
    return _answer(application, reason, ApplicationState.DECLINED, ApplicationStep.DECLINED, by, **decided)


def proposed(application: Application, *, on: Day) -> dict[str, Any]:
    """The register's fields as the answers have them. Nobody settled what is not there: it stays unknown."""
    said = wizard.cleaned(kind=application.kind, answers=application.answers, on=on)
    return {
        "name": said.get("name", ""),
        "name_zh": said.get("name_zh", ""),
        "uscc": said.get("uscc") or None,
        "kind": application.kind,
        "industry": said.get("industry", ""),
        "founded_on": said.get("founded_on"),
        "registration": period(said.get("registered_on"), None),
        "stage": Stage.NESTLING,
        "country": said.get("country", ""),
        "website": said.get("website", ""),
    }


def next_code(on: Day) -> str:
    """The next free code `<year>-<number>`; the row of the year stays locked until the transaction ends, so no two
    admissions get the same one and a refused admission uses none up."""
    while True:
        with connection.cursor() as cursor:
            cursor.execute(
                """INSERT INTO companies_codecounter (year, last) VALUES (%s, 1)
                   ON CONFLICT (year) DO UPDATE SET last = companies_codecounter.last + 1 RETURNING last""",
                [on.year],
            )
            code = f"{on.year}-{cursor.fetchone()[0]:04d}"
        if not Company.objects.filter(code=code).exists():
            return code


def first_sent(application: Application) -> Any:
    """When it was sent for the first time; None for a draft."""
    steps = application.timeline.filter(step=ApplicationStep.SUBMITTED)
    return steps.values_list("at", flat=True).first()


def _refuse_stranger(by: User, application: Application) -> None:
    if not can_decide_application(by, application):
        raise NotAllowed(_("Officers decide on applications, and nobody on his own."))


def _hold(application: Application) -> None:
    """Lock it, so that the second of two officers waits before a company is made, and is refused early."""
    held = Application.objects.select_for_update(of=("self",)).get(pk=application.pk)
    if held.state not in WAITING:
        raise applications.moved_already(held)
    application.refresh_from_db()


def _answer(
    application: Application, note: str, state: ApplicationState, step: ApplicationStep, by: User, **fields: Any
) -> Application:
    _refuse_stranger(by, application)
    note = note.strip()
    if not note:
        raise Incomplete(
            _("Say why: the applicant reads it."), fields={"note": [_("Say why: the applicant reads it.")]}
        )
    applications.move(application, to=state, came_from=WAITING, step=step, by=by, note=note, **fields)
    return application
