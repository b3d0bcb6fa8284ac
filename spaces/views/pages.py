"""Pages to read: units, leases, one lease, and a company's leases as a part of other pages."""

from decimal import Decimal
from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, sign_in_required, staff_required
from accounts.models import User
from companies.models import Company
from core.htmx import wants_fragment
from core.listing import FORMATS, as_file, asked_format, download, turned
from core.periods import today
from spaces import interchange
from spaces.filters.places import LeaseFilter, UnitFilter
from spaces.forms import VoidLeaseForm
from spaces.history import history_of
from spaces.lives import acts, lineage
from spaces.models import Building, Lease, LeaseOffer, Unit
from spaces.occupancy import share_of
from spaces.permissions import can_keep_spaces
from spaces.tables import LeaseTable, UnitTable, plan_url, state_of
from spaces.views.deposits import shown_to


@staff_required()
@require_GET
def units(request: SignedInRequest) -> HttpResponse:
    """The zone's units, and who has them on a day; `?format=csv` or `xlsx` gives those of the filter as a file."""
    found = UnitFilter(request.GET, Unit.objects.visible_to(request.user), today=today())
    if suffix := asked_format(request, "units"):
        return as_file("units", suffix, found.qs, {"unit": "code"}, today())
    may_keep = can_keep_spaces(request.user)
    table = UnitTable(found.qs.with_leases_on(found.day), exclude=() if may_keep else ("change",))
    turned(request, table)
    context = {"filter": found, "table": table, "occupancy": _occupancy(found), "may_keep": may_keep}
    return render(request, "spaces/units.html", context)


def _occupancy(found: UnitFilter) -> dict[str, Any]:
    """How much of the area that was found is let on the day."""
    has = found.qs.aggregate(area=Sum("area_m2"))["area"] or Decimal(0)
    current = Lease.objects.in_force_on(found.day).filter(unit__in=found.qs)
    let = current.aggregate(area=Sum("area_m2"))["area"] or Decimal(0)
    return {"day": found.day, "area": has, "let": let, "share": share_of(let, has)}


@sign_in_required
@require_GET
def leases(request: SignedInRequest) -> HttpResponse:
    """The leases that the visitor may see; `?format=csv` or `xlsx` gives the filtered ones as a file to import."""
    found = LeaseFilter(request.GET, Lease.objects.visible_to(request.user), today=today())
    if request.GET.get("format") in FORMATS:
        return download(interchange.export_of(found.qs), request.GET["format"], f"leases-{today()}")
    table = LeaseTable(found.qs.with_places(), on=today())
    turned(request, table)
    context = {"filter": found, "table": table, "may_sign": can_keep_spaces(request.user)}
    return render(request, "spaces/leases.html", context)


@sign_in_required
@require_GET
def lease_detail(request: SignedInRequest, number: str) -> HttpResponse:
    """One lease: its facts, for staff its history, for officers what can be done with it."""
    lease = get_object_or_404(Lease.objects.visible_to(request.user).with_places(), number=number)
    state, tone = state_of(lease, today())
    may_change = can_keep_spaces(request.user) and lease.voided_at is None
    relatives = lineage.family(lease).visible_to(request.user)
    context = {
        "lease": lease,
        "state": state,
        "tone": tone,
        "plan_url": plan_url(lease.unit) if _sees_plan(request.user, lease) else "",
        "history": history_of(lease) if request.user.is_staff_member else None,
        "life": lineage.life(relatives, today()),
        "acts": acts.offered(lease, today()) if may_change else [],
        "may_change": may_change,
        "void_form": VoidLeaseForm(prefix="void"),
    }
    return render(request, "spaces/lease.html", context | shown_to(request.user, lease))


def _sees_plan(user: User, lease: Any) -> bool:
    """Founders see the plans of campuses where they are."""
    return bool(Building.objects.visible_to(user, today()).filter(pk=lease.unit.building_id).exists())


@sign_in_required
@require_GET
def company_leases(request: SignedInRequest, code: str) -> HttpResponse:
    """A company's valid leases, the newest first: a part of its page and of its workspace, or a page of its own."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    leases = Lease.objects.visible_to(request.user).valid().filter(company=company).with_places()
    table = LeaseTable(leases, on=today(), exclude=("company", "campus"), prefix="lease-")
    turned(request, table)
    template = "spaces/company_leases.html#table" if wants_fragment(request) else "spaces/company_leases.html"
    offers = LeaseOffer.objects.visible_to(request.user).reserving().filter(company=company).select_related("unit")
    return render(request, template, {"company": company, "table": table, "offers": offers.order_by("number")})
