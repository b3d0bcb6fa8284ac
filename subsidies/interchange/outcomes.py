"""The files `decisions`, `rent` and `interest`. Rows are sorted by company, then in the order of the policy, by lease
or by loan.

With a day, `decisions` are found anew by the code that `assess` uses, without storing them; without one they are those
in force. Companies are taken in portions, in the order of their codes, so that memory does not grow with their number.
"""

import datetime as dt
from collections.abc import Iterator

import polars as pl
from django.db.models import Q
from django.utils.translation import gettext as _

from core.errors import Conflict
from core.frames import read_frame
from core.interchange.columns import Choice, Column, Day, Exact, Month, Text, Whole
from core.interchange.kinds import ExportKind, register
from core.models import Run, RunState
from subsidies import policy
from subsidies.bulk.decided import decisions
from subsidies.choices import Outcome, Point
from subsidies.gather.facts import gather
from subsidies.gather.selection import Selection, chosen
from subsidies.models import Decision
from subsidies.rules.parameters import Timeline
from subsidies.services import assessments, statements

PORTION = 25_000
POINT_ORDER = pl.Enum(Point.values)

DECISIONS: tuple[Column, ...] = (
    Text(name="company", required=True, key=True, max_length=32),
    Choice(name="point", required=True, key=True, values=tuple(Point.values)),
    Day(name="on", required=True),
    Choice(name="outcome", required=True, values=tuple(Outcome.values)),
    Exact(name="amount", places=2),
    Text(name="policy_version", required=True, max_length=64),
    Text(name="unmet", max_length=400),
    Text(name="missing", max_length=400),
)

RENT: tuple[Column, ...] = (
    Text(name="company", required=True, key=True, max_length=32),
    Text(name="lease", required=True, key=True, max_length=64),
    Month(name="month", required=True, key=True),
    Whole(name="days", required=True),
    Whole(name="waived_days", required=True),
    Exact(name="rent", required=True, places=2),
    Exact(name="waived", required=True, places=2),
    Exact(name="payable", required=True, places=2),
)

INTEREST: tuple[Column, ...] = (
    Text(name="company", required=True, key=True, max_length=32),
    Text(name="loan", required=True, key=True, max_length=64),
    Month(name="month", required=True, key=True),
    Whole(name="days", required=True),
    Exact(name="supported", required=True, places=2),
)

STORED = """
    SELECT d.company_id, d.point, d.decided_for, d.decided_at <= {told_at}, d.outcome, d.amount::text, v.version,
           nullif(d.unmet, ''), nullif(d.missing, '')
    FROM subsidies_decision d JOIN subsidies_policyversion v ON v.id = d.version_id
    WHERE d.superseded_at IS NULL AND {condition}
"""
STORED_TYPES = {
    "company_id": pl.Int64(), "point": pl.String(), "on": pl.Date(), "is_told": pl.Boolean(), "outcome": pl.String(),
    "amount": pl.String(), "policy_version": pl.String(), "unmet": pl.String(), "missing": pl.String(),
}  # fmt: skip

LINES = """
    SELECT c.code, l.number, s.month, r.days, r.waived_days, r.rent::text, r.waived::text, r.payable::text
    FROM subsidies_rentline r
    JOIN subsidies_rentstatement s ON s.id = r.statement_id
    JOIN companies_company c ON c.id = s.company_id
    JOIN spaces_lease l ON l.id = r.lease_id
    WHERE %s::date IS NULL OR s.month = %s
"""
MONEY = ("rent", "waived", "payable")
LINE_TYPES = {
    "company": pl.String(), "lease": pl.String(), "month": pl.Date(), "days": pl.Int64(), "waived_days": pl.Int64(),
} | dict.fromkeys(MONEY, pl.String())  # fmt: skip


INTEREST_LINES = """
    SELECT c.code, l.number, s.month, i.days, i.supported::text
    FROM subsidies_interestline i
    JOIN subsidies_intereststatement s ON s.id = i.statement_id
    JOIN companies_company c ON c.id = s.company_id
    JOIN funding_loan l ON l.id = i.loan_id
    WHERE %s::date IS NULL OR s.month = %s
"""
INTEREST_TYPES = {
    "company": pl.String(), "loan": pl.String(), "month": pl.Date(), "days": pl.Int64(), "supported": pl.String(),
}  # fmt: skip


def export_decisions(on: dt.date | None, _month: dt.date | None) -> Iterator[pl.DataFrame]:
    """Eight rows for each company. The amount is 0 for a no, and empty while it is unknown."""
    types = {"company_id": pl.Int64(), "company": pl.String()}
    companies = read_frame("SELECT id, code FROM companies_company", [], types).sort("company")
    timeline = policy.published_timeline()
    if on is None and not Decision.objects.exists():
        raise Conflict(_("Nothing was decided yet. Run: manage.py assess"), code="not_assessed")
    for portion in companies.iter_slices(PORTION):
        selection = chosen(portion["company_id"])
        found = _found(selection, timeline, on) if on else _stored(selection)
        yield _sorted(portion.join(found, on="company_id"))


def _sorted(rows: pl.DataFrame) -> pl.DataFrame:
    amount = pl.when(pl.col("outcome") == Outcome.NOT_ELIGIBLE.value).then(pl.lit("0.00")).otherwise("amount")
    return rows.with_columns(amount.alias("amount"), pl.col("point").cast(POINT_ORDER).alias("place")).sort(
        "company", "place"
    )


def _found(selection: Selection, timeline: Timeline, on: dt.date) -> pl.DataFrame:
    parameters = timeline.deciding(on)
    return decisions(gather(selection, timeline, on), parameters, on).with_columns(
        pl.lit(on).alias("on"), pl.lit(parameters.version).alias("policy_version")
    )


def _stored(selection: Selection) -> pl.DataFrame:
    """Those in force. A decision that a later run confirmed without a change stands for the day of that run."""
    run = (
        Run.objects.filter(kind=assessments.ASSESS, state=RunState.DONE, arguments__company__isnull=True)
        .order_by("-finished_at")
        .first()
    )
    query = STORED.format(condition=selection.condition("d.company_id"), told_at="%s::timestamptz")
    rows = read_frame(query, [run.result["ended_at"] if run else None, *selection.parameters], STORED_TYPES)
    if run is None:
        return rows
    day = dt.date.fromisoformat(run.arguments["on"])
    return rows.with_columns(pl.when("is_told").then(pl.lit(day)).otherwise("on").alias("on"))


def export_rent(_on: dt.date | None, month: dt.date | None) -> pl.DataFrame:
    """The lines of the rent statements of a month that was billed, or of all months."""
    return _billed(LINES, LINE_TYPES, month, "lease")


def export_interest(_on: dt.date | None, month: dt.date | None) -> pl.DataFrame:
    """The lines of the interest statements of a month that was billed, or of all months. `days` are those on which
    something was owed."""
    return _billed(INTEREST_LINES, INTEREST_TYPES, month, "loan")


def _billed(query: str, types: dict[str, pl.DataType], month: dt.date | None, item: str) -> pl.DataFrame:
    if month is not None and not _was_billed(month):
        raise Conflict(
            _("%(month)s is not billed yet. Run: manage.py bill --month %(month)s") % {"month": f"{month:%Y-%m}"},
            code="not_billed",
        )
    return read_frame(query, [month, month], types).sort("month", "company", item)


def _was_billed(month: dt.date) -> bool:
    of_month = Q(kind=statements.BILL, state=RunState.DONE, arguments__month=f"{month:%Y-%m}")
    return (
        any(model.objects.filter(month=month).exists() for model in statements.MODELS)
        or Run.objects.filter(of_month).exists()
    )


register(
    ExportKind("decisions", export_decisions, DECISIONS, frozenset({"on"})),
    ExportKind("rent", export_rent, RENT, frozenset({"month"})),
    ExportKind("interest", export_interest, INTEREST, frozenset({"month"})),
)
