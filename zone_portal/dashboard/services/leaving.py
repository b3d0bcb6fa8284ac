"""Tasks about companies that may leave: found at night, taken by a person, done with what was found, opened again.

Acts are atomic. NotAllowed for who may not, Conflict for what somebody else did meanwhile, Incomplete for what is
missing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core.errors import Conflict, Incomplete, NotAllowed
from core.locks import lock_for_transaction
from core.periods import Day
from subsidies.gather.selection import chosen
from zone_portal.dashboard.leaving.known import known
from zone_portal.dashboard.leaving.signals import judged, keys
from zone_portal.dashboard.leaving.values import TASK_FROM
from zone_portal.dashboard.models import LeavingStep, LeavingTask, Step, TaskState
from zone_portal.dashboard.permissions import can_finish_task, can_work_on

LOCK = "leaving-tasks"
AT_ONCE = 2_000
Keys = Mapping[int, Sequence[str]]


@dataclass(frozen=True)
class Seen:
    """What was found about the companies in the zone: points, and the keys of the signals that they show."""

    points: Mapping[int, int]
    shown: Keys

    def of(self, company: int) -> tuple[int, list[str]]:
        """Nothing of a company that is not in the zone any more."""
        return self.points.get(company, 0), list(self.shown.get(company, ()))


@transaction.atomic
def look(*, on: Day) -> int:
    """Open a task for each company with TASK_FROM points or more that has none, open those again that were done and
    show a new signal, and note what the others show by now. Returns how many were opened. Running it again on the same
    day changes nothing. A fixed number of queries, but for what is written."""
    lock_for_transaction(LOCK)
    seen = _seen(known(on), on)
    tasks = {task.company_id: task for task in LeavingTask.objects.select_for_update()}
    new = [company for company, points in seen.points.items() if points >= TASK_FROM and company not in tasks]
    opened = _opened(new, seen, on)
    changed, reopened = [], []
    for task in tasks.values():
        before = (task.points, task.signals)
        if fresh := _look_at(task, *seen.of(task.company_id), on):
            reopened.append(LeavingStep(task=task, step=Step.REOPENED, signals=fresh))
        if (task.points, task.signals) != before:
            changed.append(task)
    fields = ["state", "points", "signals", "opened_on", "taken_by"]
    LeavingTask.objects.bulk_update(changed, fields, batch_size=AT_ONCE)
    LeavingStep.objects.bulk_create([*opened, *reopened], batch_size=AT_ONCE)
    return len(opened) + len(reopened)


def _seen(facts: pl.DataFrame, on: Day) -> Seen:
    found = judged(facts, on)
    shown = keys(found).group_by("company", maintain_order=True).agg("key")
    return Seen(dict(found.select("company", "points").iter_rows()), dict(shown.iter_rows()))


def _opened(companies: Sequence[int], seen: Seen, on: Day) -> list[LeavingStep]:
    """Write the tasks; their first steps, to be written."""
    made = [
        LeavingTask(company_id=company, points=seen.points[company], signals=list(seen.shown[company]), opened_on=on)
        for company in companies
    ]
    LeavingTask.objects.bulk_create(made, batch_size=AT_ONCE)
    return [LeavingStep(task=task, step=Step.OPENED, signals=task.signals) for task in made]


def _look_at(task: LeavingTask, points: int, shown: list[str], on: Day) -> list[str]:
    """Note what the company shows by now; the signals by which a task that was done is opened again. One that went away
    while it was done is new when it comes back."""
    fresh = [key for key in shown if key not in task.signals]
    task.points = points
    if task.state == TaskState.DONE and not fresh:
        task.signals = [key for key in task.signals if key in shown]
        return []
    task.signals = shown
    if task.state != TaskState.DONE:
        return []
    task.state, task.taken_by, task.opened_on = TaskState.OPEN, None, on
    return fresh


@transaction.atomic
def take(*, company: Company, by: User, on: Day) -> LeavingTask:
    """Take the company's task in hand; where there is none, or it was done, one is begun by what is seen today."""
    _refuse_stranger(by, company)
    lock_for_transaction(LOCK)
    task = LeavingTask.objects.select_for_update().filter(company=company).first()
    if task is not None and task.state == TaskState.TAKEN:
        words = {"person": task.taken_by}
        raise Conflict(_("%(person)s has this task in hand already.") % words, code="taken_already")
    points, shown = _seen(known(on, chosen([company.pk])), on).of(company.pk)
    if task is None:
        task = LeavingTask(company=company, opened_on=on)
    elif task.state == TaskState.DONE:
        task.opened_on = on
    task.state, task.taken_by, task.points, task.signals = TaskState.TAKEN, by, points, shown
    task.save()
    return _told(task, Step.TAKEN, by)


@transaction.atomic
def give_back(*, task: LeavingTask, by: User) -> LeavingTask:
    """Whoever has it in hand leaves it to others."""
    held = _in_hand(task, by)
    held.state, held.taken_by = TaskState.OPEN, None
    held.save(update_fields=["state", "taken_by"])
    return _told(held, Step.GIVEN_BACK, by)


@transaction.atomic
def finish(*, task: LeavingTask, note: str, spoke_on: Day | None, by: User, on: Day) -> LeavingTask:
    """Say what was found; `spoke_on` is the day of the talk, if there was one, and counts as a contact. The signals of
    now are known by then: only another one opens the task again."""
    held = _in_hand(task, by)
    wrong = {}
    if not note.strip():
        wrong["note"] = [_("Say what you found.")]
    if spoke_on is not None and spoke_on > on:
        wrong["spoke_on"] = [_("The talk was on %(on)s or before.") % {"on": on}]
    if wrong:
        raise Incomplete(" ".join(message for messages in wrong.values() for message in messages), fields=wrong)
    _points, shown = _seen(known(on, chosen([held.company_id])), on).of(held.company_id)
    held.state, held.signals = TaskState.DONE, sorted({*held.signals, *shown})
    held.save(update_fields=["state", "signals"])
    return _told(held, Step.DONE, by, note=note.strip(), spoke_on=spoke_on)


def _refuse_stranger(by: User, company: Company) -> None:
    if not can_work_on(by, company):
        raise NotAllowed(_("Officers work on this, and nobody on his own company."))


def _in_hand(task: LeavingTask, by: User) -> LeavingTask:
    """The task, locked. It is the one of who took it, and of nobody else."""
    _refuse_stranger(by, task.company)
    held = LeavingTask.objects.select_for_update(of=("self",)).select_related("company").get(pk=task.pk)
    if not can_finish_task(by, held):
        raise Conflict(_("You do not have this task in hand: take it first."), code="not_in_hand")
    return held


def _told(task: LeavingTask, step: Step, by: User, **more: Any) -> LeavingTask:
    LeavingStep.objects.create(task=task, step=step, signals=task.signals, by=by, **more)
    return task
