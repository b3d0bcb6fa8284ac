"""The checklist of a company: what is to be done in its stage, and what is done, also in the stages before."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.text import capfirst

from community.models import ChecklistEntry, ChecklistTick
from community.support import audience_of
from companies.choices import Stage
from companies.models import Company
from companies.stages import stage_on
from core.periods import Day


@dataclass(frozen=True)
class Task:
    """A line, and the tick of it if it is done."""

    entry: ChecklistEntry
    tick: ChecklistTick | None


@dataclass(frozen=True)
class Group:
    """The lines of a stage."""

    stage: str
    is_current: bool
    tasks: Sequence[Task]

    @property
    def done(self) -> int:
        return sum(task.tick is not None for task in self.tasks)


def checklist_of(company: Company, on: Day) -> list[Group]:
    """The stage of the day first, with all that is to be done in it; then what is done of other stages. A line that
    was retired is told where it is done."""
    stage = stage_on(company, on)
    ticks = {
        tick.entry_id: tick
        for tick in ChecklistTick.objects.filter(company=company).select_related("entry", "ticked_by")
    }
    asked = ChecklistEntry.objects.for_company(audience=audience_of(company), stage=stage).filter(is_retired=False)
    wanted = {entry.pk: entry for entry in asked} | {pk: tick.entry for pk, tick in ticks.items()}
    groups = []
    for code, name in sorted(Stage.choices, key=lambda choice: choice[0] != stage):
        entries = sorted(
            (entry for entry in wanted.values() if entry.stage == code), key=lambda entry: (entry.position, entry.pk)
        )
        tasks = [Task(entry, ticks.get(entry.pk)) for entry in entries]
        if tasks:
            groups.append(Group(str(capfirst(str(name))), code == stage, tasks))
    return groups
