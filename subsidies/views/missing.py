"""What a company has to tell still, point by point, with the way to where it is told."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, sign_in_required
from companies.models import Company
from companies.permissions import can_enter_records
from core.htmx import wants_fragment
from core.periods import today
from subsidies.choices import Outcome, Point
from subsidies.explaining import Account, accounts
from subsidies.models import Decision
from subsidies.rules.facts import FACTS

# Where the facts of a point are told. What the register says about a company, the zone tells.
TOLD_IN = frozenset({"funding", "community", "subsidies"})
FORMS = {
    Point.SETTLEMENT: "subsidies:company_expense_new",
    Point.TALENT: "community:company_talent_new",
    Point.LEADING_PROJECT: "funding:company_project_new",
    Point.ANGEL_FUND: "funding:company_project_new",
    Point.LOAN_INTEREST: "funding:company_loan_new",
    Point.AI_VOUCHERS: "subsidies:company_expense_new",
    Point.ACTIVITIES: "subsidies:company_expense_new",
}


@dataclass(frozen=True)
class Lack:
    """What a point lacks: from the company itself, with where to tell it, and from others."""

    name: str
    own: tuple[str, ...]
    others: tuple[str, ...]
    url: str


@sign_in_required
@require_GET
def missing(request: SignedInRequest, code: str) -> HttpResponse:
    """For each point that is not decided, what is missing and who can tell: a part of the page of facts."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    decisions = Decision.objects.visible_to(request.user).in_force().filter(company=company)
    found = accounts(decisions.select_related("version").prefetch_related("version__parameters"), on=today())
    may_enter = can_enter_records(request.user, company)
    lacks = [_lack(account, company, may_enter) for account in found if account.decision.outcome == Outcome.UNKNOWN]
    template = "subsidies/missing.html"
    context = {"company": company, "is_decided": bool(found), "lacks": lacks}
    return render(request, f"{template}#part" if wants_fragment(request) else template, context)


def _lack(account: Account, company: Company, may_enter: bool) -> Lack:
    own = tuple(dict.fromkeys(gap.label for gap in account.gaps if gap.is_own))
    others = tuple(dict.fromkeys(f"{gap.label} ({gap.supplier})" for gap in account.gaps if not gap.is_own))
    told = {gettext(fact.label) for fact in FACTS.values() if fact.app in TOLD_IN}
    route = FORMS.get(Point(account.point)) if may_enter and told.intersection(own) else None
    return Lack(account.name, own, others, reverse(route, args=[company.code]) if route else "")
