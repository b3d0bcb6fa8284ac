"""The file `stages`, which goes out alone: the stage of each company, the move that is proposed, and what is in the way
of the stage that comes next.

`since` is the day on which a company entered its stage. `unmet` and `missing` are about the stage that it falls short
of or may fall short of, or else about the next one after the highest that the evidence speaks for.
"""

import datetime as dt
from collections.abc import Iterator

import polars as pl
from django.db.models import Max
from django.utils.translation import gettext as _

from core.errors import Conflict
from core.frames import read_frame
from core.interchange.columns import Choice, Column, Day, Text
from core.interchange.kinds import ExportKind, register
from core.models import Run, RunState
from subsidies import policy
from subsidies.gather.selection import Selection, chosen
from subsidies.gather.stages import evidence, since, waiting
from subsidies.models import StageProposal
from subsidies.rules.parameters import Timeline
from subsidies.rules.stages import RANKS
from subsidies.rules.stages.proposing import proposals
from subsidies.services import assessments

PORTION = 25_000

STAGES: tuple[Column, ...] = (
    Text(name="company", required=True, key=True, max_length=32),
    Choice(name="stage", values=tuple(RANKS)),
    Choice(name="proposed", values=tuple(RANKS)),
    Day(name="since"),
    Text(name="unmet", max_length=400),
    Text(name="missing", max_length=400),
)


def export_stages(on: dt.date | None, _month: dt.date | None) -> Iterator[pl.DataFrame]:
    """A row for each company: with `on` what the evidence of that day speaks for, without it what waits for a person.
    Conflict where no policy was ever published or, without `on`, nothing was ever assessed."""
    types = {"id": pl.Int64(), "company": pl.String()}
    companies = read_frame("SELECT id, code FROM companies_company", [], types).sort("company")
    timeline = policy.published_timeline()
    day = on or _last_day()
    for portion in companies.iter_slices(PORTION):
        found = _found(chosen(portion["id"]), timeline, day, waits=on is None)
        yield portion.join(found, on="id", how="left", maintain_order="left").select(c.name for c in STAGES)


def _found(selection: Selection, timeline: Timeline, on: dt.date, *, waits: bool) -> pl.DataFrame:
    found = proposals(evidence(selection), timeline.deciding(on), on)
    if waits:
        found = found.drop("proposed").join(waiting(selection), on="company", how="left")
    named = [pl.when(pl.col(name) != "").then(name).alias(name) for name in ("unmet", "missing")]
    return (
        found.join(since(selection), on="company", how="left")
        .with_columns(named)
        .select(pl.col("company").alias("id"), "stage", "proposed", "since", "unmet", "missing")
    )


def _last_day() -> dt.date:
    """The day of the last assessment of all companies or, where there is a later one, of the last proposal."""
    runs = Run.objects.filter(kind=assessments.ASSESS, state=RunState.DONE).order_by("-finished_at")
    days = [dt.date.fromisoformat(run.arguments["on"]) for run in runs[:1]]
    if newest := StageProposal.objects.aggregate(newest=Max("proposed_for"))["newest"]:
        days.append(newest)
    if not days:
        raise Conflict(_("Nothing was decided yet. Run: manage.py assess"), code="not_assessed")
    return max(days)


register(ExportKind("stages", export_stages, STAGES, frozenset({"on"})))
