"""Everything that the dashboard shows, collected in a fixed number of queries."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from core.models import Run
from spaces.models import Lease
from zone_portal.dashboard.overview import premises, presence, relief, work
from zone_portal.dashboard.overview.premises import Course, Occupancy
from zone_portal.dashboard.overview.presence import Presence, StageCount
from zone_portal.dashboard.overview.relief import EndingRelief, Relief
from zone_portal.dashboard.overview.tenancies import tenancies
from zone_portal.dashboard.overview.work import Change, Unknown, Waiting

LIST_LENGTH = 8


@dataclass(frozen=True)
class Overview:
    """The zone as of the day `on`. The lists are cut to the first few; their totals count all."""

    on: dt.date
    presence: Presence
    stages: Sequence[StageCount]
    course: Course
    occupancy: Occupancy
    relief: Relief
    reliefs_ending: Sequence[EndingRelief]
    reliefs_ending_total: int
    leases_ending: Sequence[Lease]
    leases_ending_total: int
    waiting: Waiting
    unknown: Unknown
    runs: Sequence[Run]
    changes: Sequence[Change]

    @property
    def oldest_waiting_days(self) -> int | None:
        return self.waiting.days(self.on)


def overview(on: dt.date) -> Overview:
    held = tenancies()
    course = premises.course(on, held)
    reliefs = relief.ending(on)
    leases = premises.ending(on)
    return Overview(
        on=on,
        presence=presence.presence(on, held),
        stages=presence.stages(on, held),
        course=course,
        occupancy=premises.occupancy(course.areas[-1]),
        relief=relief.relief(on),
        reliefs_ending=reliefs[:LIST_LENGTH],
        reliefs_ending_total=len(reliefs),
        leases_ending=list(leases[:LIST_LENGTH]),
        leases_ending_total=leases.count(),
        waiting=work.waiting(on),
        unknown=work.unknown(on),
        runs=list(work.latest_runs(on)),
        changes=work.latest_changes(on),
    )
