"""What an applicant does with an application: start, answer, send, send again, withdraw.

A state changes by a conditional UPDATE that names the state it comes from: of two who act at once one wins, and the
other is told what happened. Every change leaves a line in the timeline.
"""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import notices
from accounts.models import User
from companies import wizard
from companies.choices import ApplicationState, ApplicationStep, CompanyKind, MemberRole
from companies.models import Application, ApplicationPerson, TimelineEntry
from companies.permissions import KEEPS_REGISTER, OPEN_FOR_EDITING, can_edit_application, can_send_application
from core import outbox, records
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import Day

MOST_DRAFTS = 20


@transaction.atomic
def start_application(*, kind: str, by: User) -> Application:
    """A draft of which the person is the owner."""
    if kind not in (CompanyKind.COMPANY, CompanyKind.TEAM):
        raise Incomplete(_("Choose whether a company or a team applies."), fields={"kind": [_("Choose one.")]})
    if by.applications.filter(state=ApplicationState.DRAFT).count() >= MOST_DRAFTS:
        raise Conflict(_("You have %(most)d drafts: finish or withdraw one first.") % {"most": MOST_DRAFTS})
    application = records.save(Application(kind=kind, answers={"kind": {"kind": kind}}, created_by=by))
    ApplicationPerson.objects.create(application=application, user=by, role=MemberRole.OWNER)
    TimelineEntry.objects.create(application=application, step=ApplicationStep.STARTED, by=by)
    return application


@transaction.atomic
def save_answers(*, application: Application, step: str, typed: Mapping[str, Any], by: User) -> Application:
    """Keep what was typed on a page, right or wrong."""
    held = _locked(application)
    if held.state not in OPEN_FOR_EDITING:
        raise Conflict(_("This application was sent: it can no longer be changed."), code="not_open")
    if not can_edit_application(by, held):
        raise NotAllowed(_("You may read this application, not change it."))
    answers = wizard.kept(wizard.BY_NAME[step], typed)
    if held.answers.get(step) == answers:
        return held
    held.answers = {**held.answers, step: answers}
    kind = answers.get("kind", held.kind) if step == "kind" else held.kind
    held.kind = kind if kind in (CompanyKind.COMPANY, CompanyKind.TEAM) else held.kind
    held.save(update_fields=["answers", "kind", "updated_at"])
    return held


@transaction.atomic
def submit_application(*, application: Application, by: User, on: Day) -> Application:
    """Send it to the zone, or send it again after changes. Incomplete names the steps with problems."""
    held = _locked(application)
    if not can_send_application(by, held):
        raise NotAllowed(_("The owner of an application sends it."))
    if problems := wizard.problems_of(kind=held.kind, answers=held.answers, on=on):
        fields: dict[str, list[str]] = {}
        for problem in problems:
            fields.setdefault(problem.step.name, []).append(f"{problem.label}: {problem.message}")
        raise Incomplete(_("Some answers are missing or wrong."), fields=fields)
    again = held.submitted_at is not None
    entry = move(
        held,
        to=ApplicationState.SUBMITTED,
        came_from=OPEN_FOR_EDITING,
        step=ApplicationStep.RESUBMITTED if again else ApplicationStep.SUBMITTED,
        by=by,
        submitted_at=timezone.now(),
    )
    _tell_officers(held, "application_returned" if again else "application_arrived", entry)
    return held


@transaction.atomic
def withdraw_application(*, application: Application, by: User) -> Application:
    held = _locked(application)
    if not can_send_application(by, held):
        raise NotAllowed(_("The owner of an application withdraws it."))
    came_from = OPEN_FOR_EDITING | {ApplicationState.SUBMITTED}
    move(held, to=ApplicationState.WITHDRAWN, came_from=came_from, step=ApplicationStep.WITHDRAWN, by=by)
    return held


def move(
    application: Application,
    *,
    to: ApplicationState,
    came_from: Collection[ApplicationState],
    step: ApplicationStep,
    by: User,
    note: str = "",
    context: Mapping[str, Any] | None = None,
    **fields: Any,
) -> TimelineEntry:
    """The one way from state to state. A Conflict says who moved it before; else timeline, outbox and notices."""
    claimed = Application.objects.filter(pk=application.pk, state__in=came_from).update(
        state=to, note=note, updated_at=timezone.now(), **fields
    )
    if not claimed:
        raise moved_already(application)
    application.refresh_from_db()
    entry = TimelineEntry.objects.create(application=application, step=step, by=by, note=note)
    key = str(application.public_id)
    outbox.record(f"application.{step}", key, {"application": key, "state": str(to)})
    _tell(application, step, entry, {"note": note, "by": by.display_name, **(context or {})})
    return entry


def _tell(application: Application, step: str, entry: TimelineEntry, context: Mapping[str, Any]) -> None:
    people = User.objects.filter(application_parts__application=application)
    workspace = application.company
    url = (
        reverse("workspace:home", args=[workspace.code])
        if workspace
        else reverse("applications:status", args=[application.public_id])
    )
    notices.tell(
        people,
        f"application_{step}",
        context={"name": application.name, "name_zh": application.name_zh, **context},
        url=url,
        dedupe_key=f"timeline:{entry.pk}",
    )


def _tell_officers(application: Application, message: str, entry: TimelineEntry) -> None:
    """Those who may decide: an officer's own application is not his to look at."""
    officers = User.objects.holding(KEEPS_REGISTER).exclude(application_parts__application=application)
    notices.tell(
        officers,
        message,
        context={
            "name": application.name,
            "name_zh": application.name_zh,
            "by": entry.by.display_name if entry.by else "",
        },
        url=reverse("applications:review", args=[application.public_id]),
        dedupe_key=f"timeline:{entry.pk}",
    )


def days_since(start: dt.datetime | None, end: dt.datetime) -> int:
    """Whole days that something took, at least one once it began."""
    return max(1, (end - start).days) if start else 0


def _locked(application: Application) -> Application:
    return Application.objects.select_for_update(of=("self",)).get(pk=application.pk)


def moved_already(application: Application) -> Conflict:
    held = Application.objects.get(pk=application.pk)
    last = held.timeline.select_related("by").last()
    who = last.by.display_name if last and last.by else _("somebody")
    return Conflict(
        _("This application is “%(state)s” already: %(who)s did that at %(when)s.")
        % {
            "state": held.get_state_display(),
            "who": who,
            "when": timezone.localtime(last.at if last else held.updated_at).strftime("%Y-%m-%d %H:%M"),
        },
        code="moved_already",
    )
