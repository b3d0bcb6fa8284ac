"""The applications of the demo zone: every state, through the services that people use, with a believable past."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pgtrigger
import yaml
from allauth.account.models import EmailAddress
from django.utils import timezone

from accounts.models import Notice, User
from companies import wizard
from companies.choices import ApplicationState, ApplicationStep
from companies.models import Application, TimelineEntry
from companies.services import admission, applications
from core.periods import DAY
from zone_portal.demo.credit import credit_code
from zone_portal.demo.vocabulary import DATA
from zone_portal.demo.zone import Zone

FIRST_SERIAL = 31_415_900
OFFICE_HOURS = dt.time(9, 30)


@dataclass(frozen=True)
class Case:
    """One entry of applications.yaml. `days` maps each step that was taken to how many days ago that was."""

    applicant: Mapping[str, Any]
    kind: str
    ends: ApplicationState
    days: Mapping[str, int]
    answers: Mapping[str, Mapping[str, str]]
    note: str = ""


def cases() -> list[Case]:
    entries = yaml.safe_load((DATA / "applications.yaml").read_text(encoding="utf-8"))
    return [Case(**{**entry, "ends": ApplicationState(entry["ends"])}) for entry in entries]


def apply_all(zone: Zone, *, officer: User) -> int:
    """Play all cases; returns how many."""
    played = cases()
    for number, case in enumerate(played):
        _play(case, _answers(case, number, zone), zone.today, officer)
    return len(played)


def _answers(case: Case, number: int, zone: Zone) -> dict[str, dict[str, str]]:
    answers = {step: dict(typed) for step, typed in case.answers.items()}
    identity = answers.get("identity", {})
    if identity.get("uscc") == "new":
        identity["uscc"] = credit_code(FIRST_SERIAL + number)
    if story := identity.pop("name_like", ""):
        known = zone.of_story(story)[0]
        identity |= {"name": known.name, "name_zh": known.name_zh}
    return answers


def _play(case: Case, answers: Mapping[str, Mapping[str, str]], today: dt.date, officer: User) -> None:
    """The steps in the order in which they were taken, each on the day it names; then they are dated back to it."""
    applicant = _applicant(case.applicant)
    steps = list(case.days)
    application = applications.start_application(kind=case.kind, by=applicant)
    for step in wizard.STEPS[1:]:
        if step.name in answers:
            application = applications.save_answers(
                application=application, step=step.name, typed=answers[step.name], by=applicant
            )
    for step_name in steps[1:]:
        day = today - case.days[step_name] * DAY
        _take(ApplicationStep(step_name), application, case, day, applicant, officer)
        application.refresh_from_db()
    if application.state != case.ends:
        raise AssertionError(f"the case of {applicant.email} ends as {application.state}, not as {case.ends}")
    _date_back(application, [today - days * DAY for days in case.days.values()])


def _take(
    step: ApplicationStep, application: Application, case: Case, day: dt.date, applicant: User, officer: User
) -> None:
    if step in (ApplicationStep.SUBMITTED, ApplicationStep.RESUBMITTED):
        applications.submit_application(application=application, by=applicant, on=day)
    elif step == ApplicationStep.WITHDRAWN:
        applications.withdraw_application(application=application, by=applicant)
    elif step == ApplicationStep.CHANGES_REQUESTED:
        admission.ask_for_changes(application=application, note=case.note, by=officer)
    elif step == ApplicationStep.DECLINED:
        admission.decline_application(application=application, reason=case.note, by=officer)
    else:
        admission.admit_application(application=application, by=officer, on=day)


def _applicant(data: Mapping[str, Any]) -> User:
    """The demo account of this address, or a person without a password: hashing one for each would take long."""
    user = User.objects.filter(email=data["email"]).first()
    if user is None:
        user = User.objects.create_user(data["email"], None, name=data["name"], language=data["language"])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    return user


# --- The past -----------------------------------------------------------------------------------------------------


def _date_back(application: Application, days: Sequence[dt.date]) -> None:
    """Services write the present moment, and the timeline is append-only: the demo's past is the one exception."""
    moments = [_moment(day, number) for number, day in enumerate(days)]
    with pgtrigger.ignore("companies.TimelineEntry:append_only"):
        for entry, moment in zip(application.timeline.order_by("pk"), moments, strict=True):
            TimelineEntry.objects.filter(pk=entry.pk).update(at=moment)
            Notice.objects.filter(dedupe_key=f"timeline:{entry.pk}").update(created_at=moment)
    Application.objects.filter(pk=application.pk).update(**_stamps(application, moments))


def _stamps(application: Application, moments: Sequence[dt.datetime]) -> dict[str, dt.datetime]:
    stamps = {"created_at": moments[0], "updated_at": moments[-1]}
    steps = application.timeline.order_by("pk").values_list("step", flat=True)
    sent = [moment for moment, step in zip(moments, steps, strict=True) if step in _SENT]
    if sent:
        stamps["submitted_at"] = sent[-1]
    if application.decided_at is not None:
        stamps["decided_at"] = moments[-1]
    return stamps


_SENT = (ApplicationStep.SUBMITTED, ApplicationStep.RESUBMITTED)


def _moment(day: dt.date, number: int) -> dt.datetime:
    """In office hours, the later steps of an application later in the day."""
    return timezone.make_aware(dt.datetime.combine(day, OFFICE_HOURS) + number * dt.timedelta(hours=1, minutes=7))
