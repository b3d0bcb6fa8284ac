"""The path with its campuses, and the forms in which officers enter and correct campuses, buildings and units."""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_required
from core.acting import attempt
from core.periods import today
from spaces import services
from spaces.forms.places import BuildingForm, CampusForm, UnitForm
from spaces.models import Building, Campus, Unit
from spaces.path import path_on
from spaces.permissions import KEEPS_SPACES, can_keep_spaces

Crumb = tuple[Any, str]


@staff_required()
@require_GET
def path(request: SignedInRequest) -> HttpResponse:
    """The three steps, and how much of each is let today."""
    steps = path_on(today(), request.user)
    context = {"steps": steps, "day": today(), "may_keep": can_keep_spaces(request.user)}
    return render(request, "spaces/path.html", context)


# --- Campuses


@staff_required(KEEPS_SPACES)
@require_http_methods(["GET", "POST"])
def campus_new(request: SignedInRequest) -> HttpResponse:
    """Enter a campus; `?step=` fills the form in."""
    form = CampusForm(request.POST or None, initial={"step": request.GET.get("step")})
    return _form_page(
        request, form, lambda: services.add_campus(**form.cleaned_data, by=request.user), title=_("Add a campus")
    )


@staff_required(KEEPS_SPACES)
@require_http_methods(["GET", "POST"])
def campus_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct a campus's names and its step."""
    campus = get_object_or_404(Campus, pk=pk)
    form = CampusForm(request.POST or None, place=campus)
    return _form_page(
        request,
        form,
        lambda: services.change_campus(campus=campus, **form.cleaned_data, by=request.user),
        title=_("Correct campus %(campus)s") % {"campus": campus.name},
    )


# --- Buildings


@staff_required(KEEPS_SPACES)
@require_http_methods(["GET", "POST"])
def building_new(request: SignedInRequest) -> HttpResponse:
    """Enter a building; `?campus=` fills the form in."""
    form = BuildingForm(request.POST or None, initial={"campus": request.GET.get("campus")})
    return _form_page(
        request, form, lambda: services.add_building(**form.cleaned_data, by=request.user), title=_("Add a building")
    )


@staff_required(KEEPS_SPACES)
@require_http_methods(["GET", "POST"])
def building_change(request: SignedInRequest, pk: int) -> HttpResponse:
    """Correct what a building is called."""
    building = get_object_or_404(Building.objects.select_related("campus"), pk=pk)
    form = BuildingForm(request.POST or None, place=building)
    return _form_page(
        request,
        form,
        lambda: services.rename_building(building=building, **form.cleaned_data, by=request.user),
        title=_("Correct building %(building)s") % {"building": building.code},
        lead=building.campus.name,
    )


# --- Units


@staff_required(KEEPS_SPACES)
@require_http_methods(["GET", "POST"])
def unit_new(request: SignedInRequest) -> HttpResponse:
    """Enter a unit; `?building=` and `?floor=` fill the form in."""
    given = {name: request.GET.get(name) for name in ("building", "floor")}
    form = UnitForm(request.POST or None, initial=given)
    return _form_page(
        request,
        form,
        lambda: services.add_unit(**form.cleaned_data, by=request.user),
        title=_("Add a unit"),
        crumbs=[(_("Units"), reverse("spaces:units"))],
    )


@staff_required(KEEPS_SPACES)
@require_http_methods(["GET", "POST"])
def unit_change(request: SignedInRequest, code: str) -> HttpResponse:
    """Correct where a unit is and how large."""
    unit = get_object_or_404(Unit.objects.visible_to(request.user), code=code)
    form = UnitForm(request.POST or None, place=unit)
    return _form_page(
        request,
        form,
        lambda: services.change_unit(unit=unit, **form.cleaned_data, by=request.user),
        title=_("Correct unit %(unit)s") % {"unit": unit.code},
        crumbs=[(_("Units"), reverse("spaces:units"))],
    )


def _form_page(
    request: SignedInRequest,
    form: Form,
    act: Callable[[], Any],
    *,
    title: str,
    lead: str = "",
    crumbs: Sequence[Crumb] = (),
) -> HttpResponse:
    """A page with one form; once the act has done it, the last of the crumbs follows."""
    way = list(crumbs) or [(_("The path"), reverse("spaces:path"))]
    if request.method == "POST" and form.is_valid() and attempt(form, act) is not None:
        messages.success(request, _("Saved."))
        return redirect(way[-1][1])
    context = {"form": form, "title": title, "lead": lead, "crumbs": way, "button": _("Save"), "cancel_url": way[-1][1]}
    return render(request, "records/form.html", context)
