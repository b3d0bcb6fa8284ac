"""What a company is entitled to, why, and what is missing: its own page, and parts of other pages."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, sign_in_required, staff_required
from companies.models import Company
from core.htmx import wants_fragment
from core.periods import month_start, today
from subsidies import accruals, arithmetic, permissions, policy
from subsidies.choices import Outcome
from subsidies.explaining import Account, accounts, full_accounts
from subsidies.models import Decision, RentStatement


@sign_in_required
@require_GET
def entitlements(request: SignedInRequest, code: str) -> HttpResponse:
    """The page of a founder; staff see what he sees."""
    return render(request, "subsidies/entitlements.html", _with_arithmetic(_context(request, code, full=True)))


@sign_in_required
@require_GET
def summary(request: SignedInRequest, code: str) -> HttpResponse:
    """The eight outcomes in a few lines, for the workspace's first page."""
    return _part(request, "subsidies/entitlements_summary.html", _context(request, code))


@staff_required()
@require_GET
def company_decisions(request: SignedInRequest, code: str) -> HttpResponse:
    """The same as the company sees, for the staff's page of it."""
    return _part(request, "subsidies/company_decisions.html", _with_arithmetic(_context(request, code, full=True)))


def _part(request: SignedInRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    return render(request, f"{template}#part" if wants_fragment(request) else template, context)


def _context(request: SignedInRequest, code: str, *, full: bool = False) -> dict[str, Any]:
    """`full`: with what may become of each point and where its facts come from."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    decisions = Decision.objects.visible_to(request.user).in_force().filter(company=company)
    decided = decisions.select_related("version").prefetch_related("version__parameters")
    day = today()
    found = full_accounts(company, decided, user=request.user, on=day) if full else accounts(decided, on=day)
    of_month = RentStatement.objects.visible_to(request.user).filter(company=company)
    return {
        "company": company,
        "accounts": found,
        "granted": [account for account in found if account.decision.outcome == Outcome.ELIGIBLE],
        "open": [account for account in found if account.decision.outcome == Outcome.UNKNOWN],
        "refused": [account for account in found if account.decision.outcome == Outcome.NOT_ELIGIBLE],
        "decided_for": max((account.decision.decided_for for account in found), default=None),
        "version": policy.in_force_on(day),
        "statement": of_month.filter(month__lte=month_start(day)).order_by("-month").first(),
        "own_gaps": _own_gaps(found),
        "opens_grants": not request.user.is_staff_member or permissions.can_see_statements(request.user),
    }


def _with_arithmetic(context: dict[str, Any]) -> dict[str, Any]:
    """And the rent of the month that was decided for, lease by lease, and the interest, loan by loan."""
    day, company = context["decided_for"], context["company"]
    if day is None:
        return context | {"rent": [], "interest": []}
    month = month_start(day)
    return context | {
        "rent": arithmetic.lines_of_month(company, month),
        "interest": accruals.lines_of_month(company, month),
    }


def _own_gaps(found: list[Account]) -> list[str]:
    """What the company itself can tell now, each once."""
    labels = [gap.label for account in found for gap in account.gaps if gap.is_own and gap.is_held]
    return list(dict.fromkeys(labels))
