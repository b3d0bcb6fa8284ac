"""What the zone measures: the page, the same to print, what was kept and published of it, targets and sectors."""

from typing import Any

from django.db.models import QuerySet
from django.forms import Form
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, public, staff_required
from core.acting import Act, attempt, done
from core.listing import turned
from core.periods import today
from zone_portal.dashboard.figures import FIGURES
from zone_portal.dashboard.forms import DayForm
from zone_portal.dashboard.measures.firms import firms
from zone_portal.dashboard.measures.forms import ReasonForm, SectorsForm, TargetForm, VoidForm
from zone_portal.dashboard.measures.kept import KeptTable, TargetTable
from zone_portal.dashboard.measures.measures import Measures, measure
from zone_portal.dashboard.measures.sheet import make_sheet
from zone_portal.dashboard.measures.showing import shown
from zone_portal.dashboard.models import IndustrySector, Sector, Snapshot, Target
from zone_portal.dashboard.permissions import (
    KEEPS_SECTORS,
    KEEPS_TARGETS,
    PUBLISHES,
    can_keep_sectors,
    can_keep_targets,
    can_publish,
    can_withdraw,
)
from zone_portal.dashboard.services import snapshots
from zone_portal.dashboard.services import targets as services
from zone_portal.dashboard.templatetags.dashboard import rows_url

MOST_INDUSTRIES = 12


@staff_required()
@require_GET
def measures(request: SignedInRequest) -> HttpResponse:
    """All figures; `?on=` shows them as of a past day."""
    form = DayForm(request.GET, today=today())
    found = measure(form.day)
    industries = found.industries[:MOST_INDUSTRIES]
    context = {
        "form": form,
        "zone": found,
        "figures": {slug.replace("-", "_"): figure for slug, figure in FIGURES.items()},
        "funnel": _funnel(found, form),
        "industries": [(name, size, rows_url("industries", form, industry=name)) for name, size in industries],
        "more_industries": len(found.industries) - len(industries),
        "may_keep": can_keep_targets(request.user),
        "may_assign": can_keep_sectors(request.user),
    }
    return render(request, "dashboard/measures.html", context)


def _funnel(found: Measures, form: DayForm) -> list[dict[str, Any]]:
    """Each step with a bar, its name leading to its companies."""
    return [
        {
            "label": format_html(
                '<a href="{}">{}</a>', rows_url("funnel", form, stage=step.stage), capfirst(str(step.label))
            ),
            "count": step.count,
            "share": step.share,
            "of_before": step.of_before,
        }
        for step in found.funnel
    ]


# --- To print and to publish ---------------------------------------------------------------------------------------


@staff_required()
@require_GET
def measures_print(request: SignedInRequest) -> HttpResponse:
    """The figures of a day that may be shown to anybody, without the portal around them."""
    form = DayForm(request.GET, today=today())
    context = {
        "form": form,
        "sheet": shown(make_sheet(measure(form.day))),
        "may_keep": can_keep_targets(request.user),
        "navigation": [],
    }
    return render(request, "dashboard/sheet.html", context)


@staff_required(*KEEPS_TARGETS)
@require_POST
def figures_keep(request: SignedInRequest) -> HttpResponse:
    """Keep the figures of a day as they are known now."""
    form = DayForm(request.POST, today=today())
    told = _("The figures are kept. Another person publishes them.")
    return done(
        request, reverse("kept_figures"), told,
        lambda typed: snapshots.keep_snapshot(day=typed["on"], by=request.user, on=today()), form,
    )  # fmt: skip


@staff_required()
@require_GET
def kept_figures(request: SignedInRequest) -> HttpResponse:
    """Everything that was kept, the newest first, and what of it is published."""
    rows = Snapshot.objects.defer("sheet").select_related("kept_by", "published_by", "withdrawn_by")
    return render(request, "dashboard/kept.html", {"table": turned(request, KeptTable(rows))})


@public
@require_GET
def figures(request: HttpRequest, public_id: Any) -> HttpResponse:
    """Figures that were kept: open to everybody once they are published, to the staff always."""
    snapshot = get_object_or_404(_snapshots(), public_id=public_id)
    user = request.user
    is_staff = user.is_authenticated and user.is_staff_member
    if not (snapshot.is_public or is_staff):
        raise Http404
    context = {
        "snapshot": snapshot,
        "sheet": shown(snapshot.sheet),
        "is_staff": is_staff,
        "may_publish": is_staff and can_publish(user, snapshot),  # type: ignore[arg-type]
        "may_withdraw": is_staff and snapshot.is_public and can_withdraw(user),  # type: ignore[arg-type]
        "reason_form": ReasonForm(),
        "navigation": [],
    }
    return render(request, "dashboard/sheet.html", context)


@staff_required(PUBLISHES)
@require_POST
def figures_publish(request: SignedInRequest, public_id: Any) -> HttpResponse:
    snapshot = get_object_or_404(_snapshots(), public_id=public_id)
    told = _("The figures are published.")
    return done(
        request, _page(snapshot), told, lambda _typed: snapshots.publish_snapshot(snapshot=snapshot, by=request.user)
    )


@staff_required(PUBLISHES)
@require_POST
def figures_withdraw(request: SignedInRequest, public_id: Any) -> HttpResponse:
    snapshot = get_object_or_404(_snapshots(), public_id=public_id)
    return done(
        request, _page(snapshot), _("The figures are withdrawn."),
        lambda typed: snapshots.withdraw_snapshot(snapshot=snapshot, reason=typed["reason"], by=request.user),
        ReasonForm(request.POST),
    )  # fmt: skip


def _snapshots() -> QuerySet[Snapshot]:
    return Snapshot.objects.select_related("kept_by", "published_by", "withdrawn_by")


def _page(snapshot: Snapshot) -> str:
    return reverse("figures", args=[snapshot.public_id])


# --- Targets -------------------------------------------------------------------------------------------------------


@staff_required()
@require_GET
def targets(request: SignedInRequest) -> HttpResponse:
    """All targets that were ever entered, with the day from which each is the word of the plan."""
    may_keep = can_keep_targets(request.user)
    table = TargetTable(Target.objects.select_related("entered_by"), may_keep=may_keep)
    return render(request, "dashboard/targets.html", {"table": turned(request, table), "may_keep": may_keep})


@staff_required(*KEEPS_TARGETS)
@require_http_methods(["GET", "POST"])
def target_new(request: SignedInRequest) -> HttpResponse:
    form = TargetForm(request.POST or None, initial={"year": today().year, "adopted_on": today()})
    lead = _("A plan that is changed is entered as another target: what it said before stays on record.")
    words = {"title": _("Enter a target"), "button": _("Enter the target"), "lead": lead}
    return _target_form(
        request, form, words, lambda typed: services.set_target(**typed, by=request.user, on=today())
    )  # fmt: skip


@staff_required(*KEEPS_TARGETS)
@require_http_methods(["GET", "POST"])
def target_void(request: SignedInRequest, pk: int) -> HttpResponse:
    target = get_object_or_404(Target, pk=pk)
    words = {
        "title": _("Declare this target void?"), "button": _("Declare void"), "tone": "danger",
        "lead": f"{capfirst(target.get_figure_display())} {target.year}, {target.source}",
    }  # fmt: skip
    return _target_form(
        request, VoidForm(request.POST or None), words,
        lambda typed: services.void_target(target=target, reason=typed["reason"], by=request.user),
    )  # fmt: skip


def _target_form(request: SignedInRequest, form: Form, words: dict[str, str], act: Act) -> HttpResponse:
    """The form, or back to the targets once the act is done."""
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and attempt(form, lambda: act(form.cleaned_data)) is not None:
        return redirect("targets")
    url = reverse("targets")
    context = {"form": form, "cancel_url": url, "crumbs": [(_("Targets of the plan"), url)], **words}
    return render(request, "records/form.html", context)


# --- Sectors -------------------------------------------------------------------------------------------------------


@staff_required(KEEPS_SECTORS)
@require_http_methods(["GET", "POST"])
def industries(request: SignedInRequest) -> HttpResponse:
    """To which sector each industry of the register belongs."""
    choices = [("", "–"), *((value, capfirst(str(label))) for value, label in Sector.choices)]
    form = SectorsForm(request.POST or None, industries=_industries(), choices=choices)
    is_sent = request.method == "POST" and form.is_valid()
    if is_sent and attempt(form, lambda: services.set_sectors(sectors=form.sectors, by=request.user)) is not None:
        return redirect("dashboard_rows", "sectors")
    lead = _("Cooperation between culture and technology is told by this. In brackets: companies of the register.")
    context = {
        "form": form, "title": _("Sectors of the industries"), "button": _("Save"), "cancel_url": reverse("measures"),
        "crumbs": [(_("What the zone measures"), reverse("measures"))], "lead": lead,
    }  # fmt: skip
    return render(request, "records/form.html", context)


def _industries() -> list[tuple[str, int, str]]:
    """Industry, how many companies the register has of it, and its sector; the largest first."""
    said = dict(IndustrySector.objects.values_list("industry", "sector"))
    counts = firms().group_by("industry").len().sort(["len", "industry"], descending=[True, False])
    return [(name, size, said.get(name, "")) for name, size in counts.iter_rows() if name]
