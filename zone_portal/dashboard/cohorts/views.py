"""Cohorts side by side on any past day, and the companies behind each of the numbers."""

from decimal import Decimal
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import staff_required
from community.models import Cohort
from companies.choices import Stage
from companies.models import Company
from core.interchange.columns import Column, Exact, Text, Whole
from core.listing import FORMATS, frame_as_file, turned
from core.periods import today
from zone_portal.dashboard.cohorts.figures import CohortFigures, companies_of, figures_of
from zone_portal.dashboard.cohorts.tables import CohortCompanies
from zone_portal.dashboard.forms import DayForm
from zone_portal.dashboard.survival.comparison import FEWEST, MONTHS, compare

COLUMNS: tuple[Column, ...] = (
    Text(name="cohort", required=True, max_length=64),
    Text(name="name", required=True, max_length=120),
    Whole(name="companies", required=True),
    Whole(name="in_zone", required=True),
    *(Whole(name=stage) for stage in Stage.values),
    Whole(name="jobs"),
    Whole(name="jobs_told", required=True),
    Exact(name="revenue", places=2),
    Whole(name="revenue_told", required=True),
    *(Exact(name=f"month_{month}", places=3) for month in MONTHS),
)


@staff_required()
@require_GET
def cohort_comparison(request: HttpRequest) -> HttpResponse:
    """`?on=` shows a past day, `?format=csv` or `xlsx` gives the figures as a file."""
    form = _form(request)
    found = figures_of(form.day)
    if request.GET.get("format") in FORMATS:
        return frame_as_file("cohorts", request.GET["format"], _frame(found), COLUMNS, form.day)
    cohorts = {cohort.code: cohort.pk for cohort in Cohort.objects.valid()}
    context = {
        "form": form,
        "rows": [(one, cohorts[one.group.key], list(_named_stages(one))) for one in found],
        "months": MONTHS,
        "fewest": FEWEST,
        "empty": len(cohorts) - len(found),
    }
    return render(request, "dashboard/cohorts.html", context)


@staff_required()
@require_GET
def cohort_companies(request: HttpRequest, pk: int) -> HttpResponse:
    """The companies that a cohort's numbers count: all, or with `?stage=` those of a stage."""
    form = _form(request)
    cohort = Cohort.objects.valid().filter(pk=pk).first()
    stage = request.GET.get("stage")
    if cohort is None or (stage and stage not in Stage.values):
        raise Http404
    told = companies_of(compare(form.day, "named")).filter(pl.col("group") == cohort.code)
    if stage is not None:
        told = told.filter(pl.col("stage") == stage)
    companies = Company.objects.defer("search_text", "search").in_bulk(told["company"].to_list())
    rows = [_row(row, companies[row["company"]]) for row in told.iter_rows(named=True)]
    context = {"form": form, "cohort": cohort, "table": turned(request, CohortCompanies(rows))}
    return render(request, "dashboard/cohort_companies.html", context)


class CohortForm(DayForm):
    """A day up to the present one."""

    grouping = "named"  # by which the links to who stays set side by side

    @property
    def day(self) -> Any:
        """The chosen day, or the present one while that is refused."""
        self.is_valid()
        return self.cleaned_data.get("on") or self.today


def _form(request: HttpRequest) -> CohortForm:
    return CohortForm(request.GET, today=today())


def _named_stages(one: CohortFigures) -> Any:
    for stage, count in one.stages.items():
        yield stage, capfirst(str(Stage(stage).label)) if stage else capfirst(_("not known")), count


def _row(row: dict[str, Any], company: Company) -> dict[str, Any]:
    revenue = None if row["revenue"] is None else Decimal(row["revenue"]) / 100
    return {**row, "company": company, "name_key": company.name_key, "revenue": revenue}


def _frame(found: list[CohortFigures]) -> pl.DataFrame:
    rows = [
        (
            one.group.key, one.group.name, one.group.started, one.in_zone,
            *(one.stages.get(stage, 0) for stage in Stage.values),
            one.jobs, one.jobs_told, one.revenue, one.revenue_told, *(at.share for at in one.group.months),
        )
        for one in found
    ]  # fmt: skip
    return pl.DataFrame(rows, schema={column.name: column.dtype for column in COLUMNS}, orient="row")
