"""The zone's occupancy by campus and month, with the units that come free."""

from decimal import Decimal
from itertools import groupby
from typing import Any

import polars as pl
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_required
from core.interchange.columns import Exact, Month, Text
from core.listing import FORMATS, frame_as_file, turned
from core.periods import today
from spaces.filters.places import OccupancyFilter, months_after
from spaces.models import Campus
from spaces.occupancy import Let, coming_free, months_around, occupancy, share_of
from spaces.tables import ComingFreeTable

FREE_MONTHS = 6
COLUMNS = (
    Text(name="campus", required=True, max_length=60),
    Month(name="month", required=True),
    Exact(name="area_m2", required=True, places=2),
    Exact(name="let_m2", required=True, places=2),
    Exact(name="share", places=3),
)


@staff_required()
@require_GET
def occupancy_page(request: SignedInRequest) -> HttpResponse:
    """Twelve months back and ahead; `?campus=` narrows it, `?format=csv` or `xlsx` gives the figures as a file."""
    day = today()
    found = OccupancyFilter(request.GET, Campus.objects.all())
    campuses = list(found.qs)
    rows = occupancy(campuses, months_around(day))
    if request.GET.get("format") in FORMATS:
        return _file(rows, request.GET["format"])
    leases = coming_free(day, months_after(day, FREE_MONTHS)).filter(unit__building__campus__in=campuses)
    months = [(month, list(group)) for month, group in groupby(sorted(rows, key=lambda row: row.month), _month_of)]
    context = {
        "filter": found,
        "campuses": campuses,
        "months": months,
        "this_month": day.replace(day=1),
        "labels": [f"{month:%Y-%m}" for month, _rows in months],
        "series": [(str(_("Let, in percent")), [_percent(group) for _month, group in months])],
        "table": turned(request, ComingFreeTable(leases.with_places())),
        "free_months": FREE_MONTHS,
    }
    return render(request, "spaces/occupancy.html", context)


def _month_of(row: Let) -> Any:
    return row.month


def _percent(rows: list[Let]) -> Decimal:
    """Of all these campuses together."""
    share = share_of(sum((row.let for row in rows), Decimal(0)), sum((row.area for row in rows), Decimal(0)))
    return (share or Decimal(0)) * 100


def _file(rows: list[Let], suffix: str) -> HttpResponse:
    schema = {column.name: column.dtype for column in COLUMNS}
    data = [(row.campus.code, row.month, row.area, row.let, row.share) for row in rows]
    frame = pl.DataFrame(data, schema=schema, orient="row")
    return frame_as_file("occupancy", suffix, frame, COLUMNS, today())
