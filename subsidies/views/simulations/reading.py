"""Simulations to read: those of a version, one in full with the companies it touches, and two side by side."""

import tempfile
import uuid
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import SignedInRequest, staff_required
from companies.choices import Stage
from core.errors import DomainError
from core.interchange.exporting import export_file
from core.interchange.kinds import ExportKind
from core.listing import PER_PAGE, turned
from core.models import RunState
from core.periods import today
from core.runs import UNFINISHED
from subsidies import permissions, policy, simulated
from subsidies.choices import PolicyState
from subsidies.exports import OF_ONE, OF_TWO
from subsidies.filters import SimulationChangeFilter
from subsidies.forms import SimulationForm
from subsidies.models import PolicyVersion, Simulation, SimulationChange
from subsidies.querysets import READS_DRAFTS
from subsidies.services import simulations as services
from subsidies.tables import SimulationChangeTable, SimulationCorrectionTable
from subsidies.views.versions.fetching import version_of

SUFFIXES = {"csv", "xlsx"}
STAGES = dict(Stage.choices)


@staff_required(permissions.EDITS_POLICY)
@require_POST
def simulate(request: SignedInRequest, version: str) -> HttpResponse:
    """Have the version simulated on the day `on`, by default its first day or today if that is later, and over the 36
    months from it."""
    found = version_of(request, version)
    form = SimulationForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(str(told) for told in form.errors["on"]))
        return redirect("subsidies:simulations", version)
    day = form.cleaned_data["on"] or services.own_day(found, today())
    try:
        simulation = services.begin_simulation(version=found, on=day, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect("subsidies:simulations", version)
    return redirect("subsidies:simulation", simulation.public_id)


def simulating(request: SignedInRequest, version: PolicyVersion) -> dict[str, Any]:
    """What a page needs to offer a simulation: whether it may, the version's own day, the form to choose another."""
    own = services.own_day(version, today())
    return {
        "may_simulate": permissions.can_edit_policy(request.user) and version.state != PolicyState.PUBLISHED,
        "own_day": own,
        "simulation_form": SimulationForm(initial={"on": own}),
    }


@staff_required(*READS_DRAFTS)
@require_GET
def of_version(request: SignedInRequest, version: str) -> HttpResponse:
    """All simulations of a version, the newest first; two of them can be picked to be compared."""
    found = version_of(request, version)
    mark, content = services.facts_mark(), policy.hash_of(found)
    rows: list[dict[str, Any]] = [
        {"simulation": one, "is_current": simulated.is_current(one, mark=mark, content=content)}
        for one in found.simulations.select_related("run", "created_by", "version")
    ]
    others = Simulation.objects.filter(state=RunState.DONE).exclude(version=found).select_related("version")
    context = {
        "version": found,
        "rows": rows,
        "done": [row["simulation"] for row in rows if row["simulation"].state == RunState.DONE],
        "others": others[:PER_PAGE],
        **simulating(request, found),
    }
    return render(request, "subsidies/simulations/list.html", context)


@staff_required(*READS_DRAFTS)
@require_GET
def simulation(request: SignedInRequest, public_id: str) -> HttpResponse | FileResponse:
    """One simulation; while it is not done its page asks for itself again. `export` gives a file of what `of` names:
    the companies that it touches, months or corrections."""
    found = get_object_or_404(_simulations(), public_id=public_id)
    if "export" in request.GET:
        kind = OF_ONE.get(request.GET.get("of", "companies"))
        if kind is None or found.state != RunState.DONE:
            raise Http404
        return _file(kind(found), request.GET["export"], found.version.version)
    context: dict[str, Any] = {
        "simulation": found,
        "version": found.version,
        "is_live": found.state in UNFINISHED and (found.run is None or found.run.state in UNFINISHED),
        "is_current": simulated.is_current(found, mark=services.facts_mark(), content=policy.hash_of(found.version)),
    }
    if found.state == RunState.DONE:
        context |= _found(request, found)
    return render(request, "subsidies/simulations/detail.html", context)


def _simulations() -> QuerySet[Simulation]:
    return Simulation.objects.select_related("version", "run", "created_by")


def _found(request: SignedInRequest, found: Simulation) -> dict[str, Any]:
    changes = SimulationChange.objects.filter(simulation=found).select_related("company")
    filtered = SimulationChangeFilter(request.GET, changes)
    table = SimulationChangeTable(filtered.qs, order_by="difference")
    turned(request, table)
    corrections = SimulationCorrectionTable(
        found.corrections.select_related("company"), order_by="difference", prefix="corrections-"
    )
    turned(request, corrections)
    points = simulated.points_of(found)
    months = simulated.by_month(found)
    return {
        "points": points,
        "years": simulated.years_of(found),
        "total": simulated.Cost(
            sum((point.cost.before for point in points), simulated.ZERO),
            sum((point.cost.after for point in points), simulated.ZERO),
        ),
        "months": [f"{month:%Y-%m}" for month, _cost in months],
        "series": [
            (_("Today"), [cost.before for _month, cost in months]),
            (_("By the draft"), [cost.after for _month, cost in months]),
        ],
        "stages": [(STAGES.get(code, code), cost) for code, cost in simulated.by_dimension(found, "stage")],
        "campuses": simulated.by_dimension(found, "campus"),
        "touched": changes.values("company").distinct().count(),
        "filter": filtered,
        "table": table,
        "corrections": corrections,
        "corrected": sum((one.corrected for one in points), simulated.ZERO),
    }


def _file(kind: ExportKind, suffix: str, name: str) -> FileResponse:
    """A kind of file as CSV or XLSX, called by the kind and `name`."""
    if suffix not in SUFFIXES:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"simulation.{suffix}"
        export_file(kind, path)
        file = path.open("rb")  # open: the name may go, the response closes it
    return FileResponse(file, as_attachment=True, filename=f"{kind.name}-{name}.{suffix}")


@staff_required(*READS_DRAFTS)
@require_GET
def compare(request: SignedInRequest) -> HttpResponse | FileResponse:
    """Two simulations side by side: `?one=` and `?other=`. Without them there is nothing to compare. `export` gives a
    file of what `of` names: points by year, or months by point, stage and campus."""
    if not (request.GET.get("one") and request.GET.get("other")):
        return redirect("subsidies:versions")
    done = _simulations().filter(state=RunState.DONE)
    names = (request.GET.get("one", ""), request.GET.get("other", ""))
    one, other = (get_object_or_404(done, public_id=_id(name)) for name in names)
    if "export" in request.GET:
        kind = OF_TWO.get(request.GET.get("of", "points"))
        if kind is None:
            raise Http404
        return _file(kind(one, other), request.GET["export"], f"{one.version.version}-{other.version.version}")
    rows = [
        {"one": mine, "other": theirs, "difference": theirs.cost.after - mine.cost.after}
        for mine, theirs in zip(simulated.points_of(one), simulated.points_of(other), strict=True)
    ]
    names_of = f"one={one.public_id}&other={other.public_id}"
    context = {
        "one": one,
        "other": other,
        "sides": [one, other],
        "rows": rows,
        **{of: f"{names_of}&of={of}" for of in OF_TWO},
    }
    return render(request, "subsidies/simulations/compare.html", context)


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise Http404 from None
