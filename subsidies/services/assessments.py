"""Decide the eight points and propose stages: for a company after a change, and for all.

Every road leads to `assess`: lock the companies, read their facts, decide, write what changed. It is safe to run twice
and at once, because the facts are read under the lock.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from companies.models import Company
from core import outbox, runs
from core.errors import Incomplete, NotAllowed
from core.models import Run
from subsidies import permissions, policy
from subsidies.bulk.decided import decisions
from subsidies.bulk.decisions import Recorded, record_decisions
from subsidies.gather.facts import gather
from subsidies.gather.selection import Selection, chosen, id_range, shards
from subsidies.models import Decision, PolicyVersion
from subsidies.rules.parameters import Timeline
from subsidies.services import stages
from subsidies.services.recoveries import review_touched

ASSESS = "assess"
PARTS = POINTS, STAGES = "points", "stages"


@transaction.atomic
def assess(selection: Selection, *, on: dt.date) -> Recorded:
    """Decide the selected companies as of the day `on`, with the version in force on it. Writes what changed.

    Conflict where no policy was ever published; the errors of the rules pass, and nothing is written then.
    """
    timeline = policy.published_timeline()
    selection.lock()
    parameters = timeline.deciding(on)
    found = decisions(gather(selection, timeline, on), parameters, on)
    return record_decisions(selection, found, version=_version(timeline, on), on=on)


@transaction.atomic
def decide_point(company: Company, point: str, *, on: dt.date) -> Decision:
    """Decide one point of a company as of the day `on`; the decision that is in force then, whatever day it was found
    for first."""
    selection, timeline = chosen([company.pk]), policy.published_timeline()
    selection.lock()
    found = decisions(gather(selection, timeline, on), timeline.deciding(on), on).filter(pl.col("point") == point)
    record_decisions(selection, found, version=_version(timeline, on), on=on)
    return Decision.objects.in_force().select_related("company").get(company=company, point=point)


def _version(timeline: Timeline, on: dt.date) -> PolicyVersion:
    published = PolicyVersion.objects.published().prefetch_related("parameters")
    return published.get(effective_from=timeline.deciding(on).effective_from)


@transaction.atomic
def assess_companies(ids: Iterable[int], *, on: dt.date) -> Recorded:
    """Decide a few companies at once after something about them changed, and tell whose decisions are new."""
    selection = chosen(ids)
    recorded = assess(selection, on=on)
    stages.propose(selection, on=on)
    for code in Company.objects.filter(pk__in=recorded.companies).order_by("pk").values_list("code", flat=True):
        outbox.record("decision.changed", code, {"on": on.isoformat()})
    return recorded


@transaction.atomic
def request_assessment(*, on: dt.date, company: str = "", fresh: bool = False, by: User | None = None) -> Run:
    """Have all companies decided, or the one with the code `company`, by whoever works on runs.

    `fresh` wants a run that has not begun (see `runs.request`). `by` is None for the schedule, events and commands.
    Refused where no policy was ever published (Conflict), for an unknown code (Incomplete), for a person without the
    right (NotAllowed).
    """
    if by is not None and not permissions.can_assess(by):
        raise NotAllowed(_("Officers and policy editors start an assessment."))
    policy.published_timeline()
    arguments = {"on": on.isoformat()} | ({"company": company_of(company).code} if company else {})
    return runs.request(ASSESS, arguments=arguments, dedupe_key=f"{on} {company}".strip(), fresh=fresh, by=by)


def company_of(code: str) -> Company:
    """The company of this code; Incomplete, naming it, where there is none."""
    try:
        return Company.objects.only("pk", "code").get(code=code)
    except Company.DoesNotExist:
        message = _("There is no company with the code %(code)s.") % {"code": code}
        raise Incomplete(message, code="no_company", fields={"company": [message]}) from None


def plan(run: Run) -> list[tuple[int, int]]:
    """The shards of a run: all companies, or the one that it names."""
    if code := run.arguments.get("company"):
        company = company_of(code)
        return [(company.pk, company.pk + 1)]
    return shards(settings.RUN_SHARD)


def work(run: Run, first: int, until: int) -> Mapping[str, int]:
    """One shard of an assessment. Grants come first: what is corrected of them is counted in the decisions. A run may
    ask for one of the two `parts`, as the benchmark does to measure each."""
    selection, on = id_range(first, until), dt.date.fromisoformat(run.arguments["on"])
    parts = run.arguments.get("parts", PARTS)
    counts: dict[str, int] = {}
    if POINTS in parts:
        review_touched(selection)
        counts |= assess(selection, on=on).counts
    if STAGES in parts:
        counts |= stages.propose(selection, on=on).counts
    return counts


def finish(run: Run) -> dict[str, Any]:
    """One event for the whole run: who listens finds the companies by the time of their decisions. The run keeps its
    end by the clock of the database, which the decisions go by too."""
    if run.result.get("added"):
        outbox.record("decision.changed", run.arguments.get("company", ""), {"run": str(run.public_id)})
    with connection.cursor() as cursor:
        cursor.execute("SELECT statement_timestamp()")
        return {"ended_at": cursor.fetchone()[0].isoformat()}


KIND = runs.RunKind(ASSESS, plan, work, finish)
