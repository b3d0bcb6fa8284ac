"""Budgets: of each point in a year, what is committed, paid and left."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_required
from core.periods import today
from subsidies import permissions
from subsidies.choices import Point
from subsidies.models import Budget


@staff_required(*permissions.SEES_MONEY)
@require_GET
def budgets(request: SignedInRequest) -> HttpResponse:
    """The budgets of one year, in the order of the policy; the present one unless the address names another."""
    all_of_them = Budget.objects.visible_to(request.user)
    years = sorted(set(all_of_them.values_list("year", flat=True)) | {today().year}, reverse=True)
    asked = request.GET.get("year", "")
    year = int(asked) if asked in map(str, years) else today().year
    by_point = {budget.point: budget for budget in all_of_them.filter(year=year).with_paid()}
    found = [by_point[point] for point in Point if point in by_point]
    context = {
        "budgets": found,
        "year": year,
        "years": years,
        "committed": sum(budget.committed for budget in found),
        "amount": sum(budget.amount for budget in found),
    }
    return render(request, "subsidies/budgets.html", context)
