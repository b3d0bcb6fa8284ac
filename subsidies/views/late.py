"""Costs of last year that no grant holds, and what would be proposed for them as of that year's last day."""

from typing import Any

from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_required
from accounts.models import StaffRole
from companies.models import Company
from core.listing import turned
from core.markup import listed
from core.money import to_yuan
from core.periods import today
from subsidies import permissions, policy
from subsidies.choices import POINTS_OF_COSTS_OF_THE_YEAR, GrantState, Outcome, Point
from subsidies.models import Expense, Grant, GrantItem
from subsidies.rules.granting import PART_OF_KIND
from subsidies.rules.points import POINTS
from subsidies.services.entitled import entitled
from subsidies.services.grants.proposing import last_day_of_year_before
from subsidies.tables import LateTable


@staff_required(StaffRole.OFFICER)
@require_GET
def late(request: SignedInRequest) -> HttpResponse:
    """Companies with costs of last year that nobody has granted or proposed anything for."""
    table = LateTable(_left(request))
    turned(request, table)
    return render(request, "subsidies/late.html", {"table": table, "year": today().year - 1})


@staff_required(StaffRole.OFFICER)
@require_GET
def late_proposal(request: SignedInRequest, code: str, point: str) -> HttpResponse:
    """What would be proposed for a company's costs of last year, or what stands in the way."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    if point not in POINTS_OF_COSTS_OF_THE_YEAR:
        raise Http404
    as_of = last_day_of_year_before(today())
    found = entitled(company, point, on=as_of)
    parts = [part for part in found.parts if part.amount and part.held]
    context = {
        "company": company,
        "point": point,
        "name": capfirst(str(Point(point).label)),
        "as_of": as_of,
        "parts": parts,
        "is_eligible": found.outcome == Outcome.ELIGIBLE,
        "unmet": listed(_(leaf.label) for leaf in POINTS[point].leaves if leaf.key in found.unmet),
        "waiting": Grant.objects.filter(company=company, point=point, state=GrantState.PROPOSED).first(),
        "may_propose": permissions.can_propose(request.user, company),
    }
    return render(request, "subsidies/late_proposal.html", context)


# What is granted by itself: the point, the kind of voucher, and the number that is its yearly maximum.
MAXIMA = (
    (Point.AI_VOUCHERS, "model", "ai_vouchers.model_yearly_cap"),
    (Point.AI_VOUCHERS, "compute", "ai_vouchers.compute_yearly_cap"),
    (Point.ACTIVITIES, "", "activities.yearly_cap"),
)


def _below_the_maximum(costs: QuerySet[Any]) -> QuerySet[Any]:
    """Without the costs for which nothing is left of last year's maximum: they stay free, but for nothing."""
    as_of, timeline = last_day_of_year_before(today()), policy.timeline()
    if timeline.starts_on is None:
        return costs
    version = timeline.deciding(as_of)
    for point, part, maximum in MAXIMA:
        grants = Grant.objects.granted().filter(point=point, part=part, granted_on__year=as_of.year)
        given = grants.filter(company=OuterRef("company")).order_by().values("company")
        used_up = given.annotate(sum=Sum(F("committed") - F("recovered"))).filter(sum__gte=to_yuan(version[maximum]))
        kinds = [kind for kind, of in PART_OF_KIND.items() if of == part] or [""]
        costs = costs.exclude(Exists(used_up), point=point, kind__in=kinds)
    return costs


def _left(request: SignedInRequest) -> QuerySet[Expense, dict[str, Any]]:
    held = GrantItem.objects.filter(held=True, expense=OuterRef("pk"))
    waiting = Grant.objects.filter(company=OuterRef("company"), point=OuterRef("point"), state=GrantState.PROPOSED)
    costs = Expense.objects.visible_to(request.user).valid()
    of_the_year = costs.filter(point__in=POINTS_OF_COSTS_OF_THE_YEAR, paid_on__year=today().year - 1)
    left = _below_the_maximum(of_the_year.filter(~Exists(held), ~Exists(waiting))).order_by("company__code", "point")
    return left.values("company__code", "company__name", "company__name_zh", "point").annotate(total=Sum("amount"))
