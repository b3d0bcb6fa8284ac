"""The form of a lease: for a new one, for correcting one, and the parts that htmx asks for while it is filled in."""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, staff_required
from core.errors import Conflict, DomainError, Incomplete
from core.periods import DAY, month_start, next_month, today
from spaces import services
from spaces.forms import SignLeaseForm, TermsForm, terms_of
from spaces.models import Lease, Unit
from spaces.permissions import KEEPS_SPACES
from spaces.refusals import places as refusals
from spaces.rules import rent_of

OFFERED = 20


@staff_required(KEEPS_SPACES)
@require_http_methods(["GET", "POST"])
def lease_create(request: SignedInRequest) -> HttpResponse:
    """Let a unit to a company; `?company=` and `?unit=` fill the form in."""
    form = SignLeaseForm(request.POST or None, initial={name: request.GET.get(name) for name in ("company", "unit")})
    if request.method == "POST" and form.is_valid():
        parties = {"number": form.cleaned_data["number"], "company": form.cleaned_data["company"]}
        lease = _done(form, lambda: services.sign_lease(**parties, **form.terms(), by=request.user))
        if lease:
            words = {"unit": lease.unit.code, "company": lease.company.name}
            messages.success(request, _("Unit %(unit)s is let to %(company)s.") % words)
            return redirect("spaces:lease_detail", lease.number)
    return render(request, "spaces/lease_form.html", {"form": form, "lease": None})


@staff_required(KEEPS_SPACES)
@require_http_methods(["GET", "POST"])
def lease_change(request: SignedInRequest, number: str) -> HttpResponse:
    """Correct what was entered about a lease; its number and its company stay."""
    lease = get_object_or_404(Lease.objects.visible_to(request.user).valid().with_places(), number=number)
    form = TermsForm(request.POST or None, initial=terms_of(lease))
    if request.method == "POST" and form.is_valid():
        if _done(form, lambda: services.change_lease(lease=lease, **form.terms(), by=request.user)):
            messages.success(request, _("The lease was changed."))
            return redirect("spaces:lease_detail", lease.number)
        lease.refresh_from_db()
    return render(request, "spaces/lease_form.html", {"form": form, "lease": lease})


def _done(form: Form, act: Any) -> Lease | None:
    """What the act returns, or None with its refusal on the form, beside the fields that it names."""
    try:
        return act()
    except (Incomplete, Conflict) as error:
        _blame(form, error)
        return None


def _blame(form: Form, error: DomainError) -> None:
    known = {("last_day" if name == "term" else name): told for name, told in error.fields.items()}
    for name, told in known.items():
        form.add_error(name if name in form.fields else None, told)
    if not known:
        form.add_error(None, str(error))


@staff_required(KEEPS_SPACES)
@require_GET
def offer_units(request: SignedInRequest) -> HttpResponse:
    """Options for what is typed of a unit's name, the free ones first, with who has the others until when."""
    day = _day(request.GET.get("first_day", "")) or today()
    taken = Exists(Lease.objects.in_force_on(day).filter(unit=OuterRef("pk")))
    found = Unit.objects.visible_to(request.user).filter(code__icontains=request.GET.get("unit", "").strip())
    offered = found.annotate(taken=taken).order_by("taken", "code").with_leases_on(day)[:OFFERED]
    return render(request, "spaces/_unit_options.html", {"units": offered})


def _day(text: str) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        return None


@staff_required(KEEPS_SPACES)
@require_GET
def preview(request: SignedInRequest) -> HttpResponse:
    """What the form says so far: whose unit it would be, what stands in the way, and the rent."""
    form = SignLeaseForm(request.GET)
    form.is_valid()  # what is well-formed so far is shown, the rest is told when the form is sent
    said = form.cleaned_data
    context = {
        "company": said.get("company"),
        "unit": said.get("unit"),
        "conflict": _conflict(said, request.GET.get("lease", "")),
        "rents": list(_rents(said)),
    }
    return render(request, "spaces/_preview.html", context)


def _conflict(said: dict[str, Any], changed: str) -> str:
    """What the books would answer; `changed` is the number of the lease that is being corrected."""
    unit, term, area = said.get("unit"), said.get("term"), said.get("area_m2")
    if unit is None:
        return ""
    existing = Lease.objects.filter(number=changed).first() if changed else None
    lease = Lease(pk=existing.pk if existing else None, unit=unit, term=term, area_m2=area or 0)
    if lease.area_m2 > unit.area_m2:
        return str(refusals.beyond_unit(lease))
    other = refusals.in_the_way_of(lease) if term else None
    if other:
        return str(refusals.unit_taken(lease, other))
    company = said.get("company")
    if term and company:
        lease.company = company
    offer = refusals.offer_in_the_way_of(lease) if term and company else None
    return str(refusals.unit_offered(lease, offer)) if offer else ""


def _rents(said: dict[str, Any]) -> Any:
    """The rent of a day, of 30 days, and of the first month, each with its number of days."""
    area, price, first = said.get("area_m2"), said.get("price_per_m2_day"), said.get("first_day")
    if area is None or price is None:
        return
    yield _("A day"), 1, rent_of(area_m2=area, price_per_m2_day=price, days=1)
    yield _("30 days"), 30, rent_of(area_m2=area, price_per_m2_day=price, days=30)
    if first is not None:
        last = min(said.get("last_day") or next_month(first), next_month(month_start(first)) - DAY)
        days = (last - first).days + 1
        yield _("The first month"), days, rent_of(area_m2=area, price_per_m2_day=price, days=max(days, 0))
