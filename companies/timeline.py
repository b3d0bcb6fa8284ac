"""How long each step of an application took, for founders and staff alike."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Aggregate, DurationField, F, QuerySet

from companies.choices import ApplicationState, ApplicationStep
from companies.models import Application, TimelineEntry
from core.markup import Tone

TONES: dict[str, Tone] = {
    ApplicationStep.SUBMITTED: "info",
    ApplicationStep.RESUBMITTED: "info",
    ApplicationStep.CHANGES_REQUESTED: "wait",
    ApplicationStep.ADMITTED: "good",
    ApplicationStep.DECLINED: "bad",
}


@dataclass(frozen=True)
class Line:
    """A step that happened, and how long after the step before it; `took` is None for the first."""

    entry: TimelineEntry
    took: dt.timedelta | None
    tone: str


def lines_of(application: Application) -> list[Line]:
    """The timeline, newest first, in one query."""
    entries = list(application.timeline.select_related("by").order_by("at", "pk"))
    return [_line(before, entry) for before, entry in zip([None, *entries[:-1]], entries, strict=True)][::-1]


def _line(before: TimelineEntry | None, entry: TimelineEntry) -> Line:
    return Line(entry, entry.at - before.at if before else None, TONES.get(entry.step, "quiet"))


class Median(Aggregate):
    """The middle value, by PostgreSQL's percentile_cont."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = DurationField()


def median_time_to_decision(applications: QuerySet[Any]) -> dt.timedelta | None:
    """From the last sending to the decision, over the given applications; None while none is decided."""
    decided = Application.objects.filter(
        state__in=[ApplicationState.ADMITTED, ApplicationState.DECLINED], pk__in=applications
    )
    return decided.aggregate(median=Median(F("decided_at") - F("submitted_at")))["median"]
