"""The dashboard of the staff, and the rows behind each of its figures, as of any day."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import staff_required
from core.listing import turned
from core.markup import money
from core.periods import today
from subsidies.permissions import can_see_statements
from zone_portal.dashboard.figure import Figure
from zone_portal.dashboard.figures import FIGURES
from zone_portal.dashboard.forms import DayForm
from zone_portal.dashboard.overview.overview import Overview, overview
from zone_portal.dashboard.templatetags.dashboard import rows_url


@staff_required()
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """The figures of the zone; `?on=` shows them as of a past day."""
    form = DayForm(request.GET, today=today())
    found = overview(form.day)
    context = {
        "form": form,
        "zone": found,
        "figures": {slug.replace("-", "_"): figure for slug, figure in FIGURES.items()},
        "stages": _bars_of(found, form),
        "months": [f"{month.month:%Y-%m}" for month in found.relief.months],
        "relief": [(str(_("Rent relief")), [month.relief for month in found.relief.months])],
        "may_see_statements": can_see_statements(request.user),  # type: ignore[arg-type]
        "relief_total": money(sum(month.relief for month in found.relief.months)),
    }
    return render(request, "dashboard/overview.html", context)


def _bars_of(found: Overview, form: DayForm) -> list[dict[str, Any]]:
    """Each stage with a bar, its name leading to its companies."""
    return [
        {
            "label": format_html(
                '<a href="{}">{}</a>', rows_url("stages", form, stage=row.stage), _stage_name(row.label)
            ),
            "count": row.count,
            "share": row.share,
        }
        for row in found.stages
    ]


def _stage_name(label: Any) -> str:
    return capfirst(str(label or _("no stage entered")))


@staff_required()
@require_GET
def dashboard_rows(request: HttpRequest, slug: str) -> HttpResponse:
    """What a figure counts, row by row."""
    figure = FIGURES.get(slug)
    if figure is None:
        raise Http404
    form = DayForm(request.GET, today=today())
    chosen, label = _chosen(figure, request)
    table = figure.table(figure.rows(form.day, *chosen))
    turned(request, table)
    context = {
        "figure": figure,
        "form": form,
        "table": table,
        "chosen": label,
        "keep": (figure.choose, *chosen) if chosen else None,
        "back": _("Dashboard") if figure.route == "dashboard" else _("What the zone measures"),
    }
    return render(request, "dashboard/rows.html", context)


def _chosen(figure: Figure, request: HttpRequest) -> tuple[tuple[str, ...], Any]:
    """The value that narrows the rows, and its name; 404 for one that the figure does not know."""
    if not figure.choose or figure.choose not in request.GET:
        return (), ""
    value = request.GET[figure.choose]
    known = figure.known
    if value not in known:
        raise Http404
    return (value,), known[value]
