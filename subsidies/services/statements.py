"""Bill a month, keep open statements up to date, correct closed months, issue: rent and interest support alike.

A month is *open* until its statements are issued, and *closed* from then on. Open statements are computed again
whenever anybody bills; of a closed month only the difference to what was posted for it is worked out, and goes as
an adjustment into the earliest open month, which will be issued next. While no month is open it waits for the next
bill.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from typing import Any

import polars as pl
from django.conf import settings
from django.db import transaction
from django.db.models import Min
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import audit, outbox, runs
from core.errors import Conflict, NotAllowed
from core.locks import lock_for_transaction
from core.models import Run, RunState
from core.periods import month_start, next_month, parse_month, previous_month
from subsidies import permissions, policy
from subsidies.bulk import billed
from subsidies.bulk.billed import Months
from subsidies.bulk.statements import Billed, analyze, record_statements
from subsidies.choices import StatementState
from subsidies.gather import statements
from subsidies.gather.records import for_bills
from subsidies.gather.selection import Selection, chosen, id_range, shards
from subsidies.models import InterestStatement, RentStatement
from subsidies.services import ledger, overpaid
from subsidies.statement_kinds import Kind

BILL = "bill"
MODELS = (RentStatement, InterestStatement)


@transaction.atomic
def bill(selection: Selection, *, month: dt.date | None = None) -> Billed:
    """Make the open statements of the selected companies what their facts say, those of `month` included unless it is
    closed, and post what closed months come out differently by. Writes what changed."""
    timeline = policy.published_timeline()
    lock_for_transaction("statements", shared=True)
    selection.lock()
    months = Months.of(statements.billed_months(), *([month] if month else []))
    if not (months.open or months.closed):
        return Billed(0, 0, 0, 0, 0)
    found = billed.lines(for_bills(selection), [*months.open, *months.closed], timeline)
    rent, interest = (_record(kind, lines, months, selection) for kind, lines in found.items())
    return rent + interest


def _record(kind: Kind, found: pl.DataFrame, months: Months, selection: Selection) -> Billed:
    closed = pl.col("month").is_in(list(months.closed))
    lines = found.filter(~closed)
    differences = billed.differences(kind, found.filter(closed), statements.posted(kind, selection))
    waiting = differences.height if months.correcting is None else 0
    corrections = _corrections(kind, differences, months)
    totals = billed.totals(kind, lines, corrections, months.correcting)
    stored = statements.statements(kind, selection)
    written, removed = record_statements(kind, totals, lines, corrections, stored)
    return Billed(totals.height, written, removed, corrections.height, waiting)


def _corrections(kind: Kind, differences: pl.DataFrame, months: Months) -> pl.DataFrame:
    postable = differences if months.correcting else differences.clear()
    shown = statements.shown(kind, postable)
    explained = billed.with_reasons(kind, postable, shown, policy.reforms_of(kind.point))
    return explained.with_columns(pl.lit(months.correcting, dtype=pl.Date).alias("posted_in"))


@transaction.atomic
def bill_companies(ids: Iterable[int]) -> Billed:
    """After something about a few companies changed."""
    return bill(chosen(ids))


@transaction.atomic
def request_billing(*, month: dt.date, by: User | None = None) -> Run:
    """Have a month billed. Refused where no policy was ever published, and for a person without the right."""
    if by is not None and not permissions.can_bill(by):
        raise NotAllowed(_("Officers and treasurers bill the rent."))
    policy.published_timeline()
    name = f"{month:%Y-%m}"
    return runs.request(BILL, arguments={"month": name}, dedupe_key=name, fresh=by is None, by=by)


@transaction.atomic
def request_update() -> Run | None:
    """Have all open statements computed again, after many facts changed; None where nothing was ever billed."""
    if not any(model.objects.exists() for model in MODELS):
        return None
    return runs.request(BILL, arguments={}, dedupe_key="open", fresh=True)


def months_due(on: dt.date) -> list[dt.date]:
    """The month before `on`, and those since the last billed one that nobody billed, had the schedule been down."""
    last = previous_month(on)
    done = Run.objects.filter(kind=BILL, state=RunState.DONE, arguments__month__isnull=False)
    billed_before = {parse_month(month) for month in done.values_list("arguments__month", flat=True).distinct()}
    earlier = [month for month in billed_before if month <= last]
    due, month = [], next_month(max(earlier)) if earlier else last
    while month <= last:
        due.append(month)
        month = next_month(month)
    return due


@transaction.atomic
def issue_statements(*, month: dt.date, on: dt.date, by: User, at: dt.datetime | None = None) -> int:
    """Issue all open statements of a month that is over, of rent and of interest: they never change again, and what
    interest is below 0 on them is asked back. Returns how many. `at` is the moment from which the term to pay them
    counts: now, unless a zone comes with its past.

    NotAllowed for anybody but a treasurer; Conflict while the month lasts, while an earlier one is open, while it is
    being billed, where nothing is left to issue, and where the budget of the year does not hold its relief.
    """
    if not permissions.can_issue(by):
        raise NotAllowed(_("The treasurer issues rent statements."))
    lock_for_transaction("statements")
    _refuse_to_issue(month, on)
    ledger.refuse_beyond_budget(month=month, on=on, relief=statements.waiting_relief(month))
    audit.prepare_for_bulk()
    rent, interest = (
        model.objects.filter(month=month, state=StatementState.OPEN).update(
            state=StatementState.ISSUED, issued_at=at or timezone.now()
        )
        for model in MODELS
    )
    if not rent + interest:
        raise Conflict(_("%(month)s has no open statements.") % {"month": f"{month:%Y-%m}"}, code="nothing_open")
    analyze()
    overpaid.open_recoveries(month=month, by=by)
    outbox.record("statement.issued", f"{month:%Y-%m}", {"statements": rent, "interest_statements": interest})
    return rent + interest


def earliest_open(*, before: dt.date) -> dt.date | None:
    """The first month before `before` that has open statements, of either kind."""
    waiting = (model.objects.filter(month__lt=before, state=StatementState.OPEN) for model in MODELS)
    firsts = [found.aggregate(first=Min("month"))["first"] for found in waiting]
    return min((first for first in firsts if first), default=None)


def _refuse_to_issue(month: dt.date, on: dt.date) -> None:
    name = f"{month:%Y-%m}"
    if month_start(on) <= month:
        raise Conflict(_("%(month)s is not over yet.") % {"month": name}, code="month_runs")
    earlier = earliest_open(before=month)
    if earlier is not None:
        raise Conflict(
            _("Issue %(earlier)s first: corrections go into the earliest open month.")
            % {"earlier": f"{earlier:%Y-%m}"},
            code="earlier_open",
        )
    if Run.objects.filter(kind=BILL, state__in=runs.UNFINISHED).exists():
        raise Conflict(_("The rent is being billed: wait until the run has finished."), code="being_billed")


def plan(_run: Run) -> list[tuple[int, int]]:
    """The shards of a run: all companies."""
    return shards(settings.RUN_SHARD)


def work(run: Run, first: int, until: int) -> Mapping[str, int]:
    """One shard of a bill."""
    return bill(id_range(first, until), month=_month_of(run)).counts


def finish(run: Run) -> dict[str, Any]:
    """One event for the whole run."""
    outbox.record("statement.computed", run.arguments.get("month", ""), {"run": str(run.public_id)})
    return {}


def _month_of(run: Run) -> dt.date | None:
    name = run.arguments.get("month")
    return parse_month(name) if name else None


KIND = runs.RunKind(BILL, plan, work, finish)
