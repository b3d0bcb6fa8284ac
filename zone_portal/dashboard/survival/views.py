"""Who stays: curves and shares of any past day, side by side, and the companies behind each of the numbers."""

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import Any

import polars as pl
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import staff_required
from companies.choices import LeavingReason
from companies.models import Company, ExitInterview
from core.charts import Step
from core.interchange.columns import Column, Day, Exact, Text, Whole
from core.listing import FORMATS, frame_as_file, turned
from core.periods import today
from zone_portal.dashboard.overview.presence import with_premises
from zone_portal.dashboard.survival.comparison import FEWEST, MONTHS, Comparison, Group, compare, in_months
from zone_portal.dashboard.survival.forms import ComparisonForm, RowsForm
from zone_portal.dashboard.survival.groups import GROUPINGS
from zone_portal.dashboard.survival.stays import TICKS
from zone_portal.dashboard.survival.tables import StayRows

MOST_CURVES = 5  # as many as have a line pattern of their own
YEAR = 12  # months
SHARES: tuple[Column, ...] = (
    Text(name="group", max_length=120),
    Whole(name="companies", required=True),
    Exact(name="median_months", places=1),
    Whole(name="month", required=True),
    Whole(name="at_risk", required=True),
    Whole(name="left", required=True),
    Exact(name="share", places=3),
    Exact(name="lower", places=3),
    Exact(name="upper", places=3),
)
ROWS: tuple[Column, ...] = (
    Text(name="company", required=True, max_length=32),
    Text(name="group", max_length=120),
    Day(name="came_on", required=True),
    Day(name="left_on"),
    Exact(name="months", required=True, places=1),
)


@staff_required()
@require_GET
def who_stays(request: HttpRequest) -> HttpResponse:
    """`?by=` sets groups side by side, `?on=` shows a past day, `?format=csv` or `xlsx` gives the shares as a file."""
    form = ComparisonForm(request.GET, today=today())
    found = compare(form.day, form.grouping)
    if request.GET.get("format") in FORMATS:
        return frame_as_file("who-stays", request.GET["format"], _shares(found.groups), SHARES, form.day)
    enough = [group for group in found.groups if not group.is_few or len(found.groups) == 1]
    drawn = _largest(enough)
    context = {
        "form": form,
        "grouping": GROUPINGS[found.by],
        "groups": found.groups,
        "together": found.together.groups if found.by else [],
        "curves": [(group.name, list(_steps(group))) for group in drawn],
        "months": MONTHS,
        "every": YEAR,
        "fewest": FEWEST,
        "few": sum(group.is_few for group in found.groups),
        "drawn": len(drawn),
        "is_cut": len(drawn) < len(enough),
        "reasons": _reasons(form.day),
    }
    return render(request, "dashboard/who_stays.html", context)


@staff_required()
@require_GET
def who_stays_rows(request: HttpRequest) -> HttpResponse:
    """The companies that a number counts; `?format=csv` or `xlsx` gives them as a file."""
    form = RowsForm(request.GET, today=today())
    if not form.is_known():
        raise Http404
    found, chosen = compare(form.day, form.grouping), form.chosen
    rows = found.rows(**chosen)
    if request.GET.get("format") in FORMATS:
        return frame_as_file("stays", request.GET["format"], _as_rows(rows), ROWS, form.day)
    companies = with_premises(Company.objects.filter(pk__in=rows["company"].to_list()))
    table = StayRows(companies, stays={row["company"]: row for row in rows.iter_rows(named=True)})
    turned(request, table)
    context = {"form": form, "table": table, "title": _title(found, chosen), "rule": _rule(**chosen)}
    return render(request, "dashboard/who_stays_rows.html", context)


def _largest(groups: Sequence[Group]) -> list[Group]:
    """The groups that have a curve, in the order of the table."""
    largest = {group.key for group in sorted(groups, key=lambda group: -group.started)[:MOST_CURVES]}
    return [group for group in groups if group.key in largest]


def _reasons(on: dt.date) -> list[tuple[str, str, int]]:
    """Code, name and count of each reason given in an exit interview up to the day, the most frequent first."""
    held = ExitInterview.objects.valid().filter(held_on__lte=on).order_by().values_list("reason")
    counts = sorted(held.annotate(count=Count("pk")), key=lambda row: (-row[1], row[0]))
    return [(reason, str(LeavingReason(reason).label), count) for reason, count in counts]


def _steps(group: Group) -> Iterator[Step]:
    for row in group.curve.iter_rows(named=True):
        yield row["time"] / TICKS, row["survival"], row["lower"], row["upper"]


def _shares(groups: Sequence[Group]) -> pl.DataFrame:
    rows = [
        (group.name, group.started, group.median, at.month, at.at_risk, at.left, at.share, at.lower, at.upper)
        for group in groups
        for at in group.months
    ]
    return pl.DataFrame(rows, schema={column.name: column.dtype for column in SHARES}, orient="row")


def _as_rows(stays: pl.DataFrame) -> pl.DataFrame:
    codes = dict(Company.objects.filter(pk__in=stays["company"].to_list()).values_list("pk", "code"))
    rows = [
        (codes[row["company"]], row["group"] or None, row["came_on"], row["left_on"], in_months(row["time"]))
        for row in stays.sort("came_on", "company").iter_rows(named=True)
    ]
    return pl.DataFrame(rows, schema={column.name: column.dtype for column in ROWS}, orient="row")


def _title(found: Comparison, chosen: dict[str, Any]) -> str:
    """The group by its name; 404 for one that nobody is in."""
    group = chosen["group"]
    if group is None or not found.by:
        return _("All companies")
    names = GROUPINGS[found.by].named(found.stays["group"].unique().to_list())
    if group not in names:
        raise Http404
    return names[group]


def _rule(*, group: str | None, who: str, month: int) -> str:
    """In words what the rows are."""
    del group
    if who == "watched":
        told = _("Companies whose time in the zone was followed for %(month)d months or longer: these are at risk.")
        return told % {"month": month}
    if who == "left" and month:
        return _("Companies that had left by the end of %(month)d months after their first day.") % {"month": month}
    rules = {
        "left": _("Companies that had left for good by this day."),
        "here": _("Companies that have not left for good by this day."),
    }
    return rules.get(who, _("Companies whose first lease or desk began on this day or earlier."))
