"""The grants of the demo zone, in every state that a grant can be in, made by the services that people use."""

import datetime as dt
from collections.abc import Callable

from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict
from subsidies.choices import GRANTED_POINTS, GrantState, Outcome
from subsidies.models import Decision, Grant
from subsidies.services import assessments, expenses, ledger, recoveries
from subsidies.services.grants import (
    approve_grant,
    pay_grant,
    propose_grants,
    refuse_grant,
    revoke_grant,
    withdraw_grant,
)

MOST = 42  # decisions that are proposed; the others wait for whoever tries the portal out
Way = Callable[[Grant], object]


def grant_all(*, on: dt.date, officer: User, approver: User, treasurer: User) -> None:
    """Propose the first decisions that give something, take each grant a different way, and correct a fact that a paid
    one rests on."""
    ledger.keep_budgets(on=on)
    ways = _ways(on, officer, approver, treasurer)
    for place, decision in enumerate(_decisions()[:MOST]):
        try:
            made = propose_grants(decision=decision, on=on, by=officer)
        except Conflict:  # its contract is in a grant of another point: the portal says so, and so it is
            continue
        for grant in made:
            for way in ways[place % len(ways)]:
                way(grant)
    _correct_a_cost(officer)
    granted = Grant.objects.values_list("company", flat=True).distinct()
    assessments.assess_companies(granted, on=on)


def _decisions() -> list[Decision]:
    found = Decision.objects.in_force().filter(point__in=GRANTED_POINTS, outcome=Outcome.ELIGIBLE, amount__gt=0)
    return list(found.select_related("company").order_by("company__code", "point"))


def _ways(on: dt.date, officer: User, approver: User, treasurer: User) -> list[list[Way]]:
    """What becomes of a proposal, one after the other; most are paid."""

    def approve(grant: Grant) -> None:
        approve_grant(grant=grant, on=on, by=approver)

    def pay(grant: Grant) -> None:
        pay_grant(grant=grant, on=on, by=treasurer)

    def refuse(grant: Grant) -> None:
        refuse_grant(grant=grant, reason=_("The invoices are not legible."), by=approver)

    def withdraw(grant: Grant) -> None:
        withdraw_grant(grant=grant, reason=_("Proposed by mistake."), by=officer)

    def revoke(grant: Grant) -> None:
        revoke_grant(grant=grant, reason=_("The company gave it back."), by=approver)

    return [[approve, pay], [], [approve], [approve, pay], [approve, pay], [refuse], [approve, revoke], [withdraw]]


def _correct_a_cost(officer: User) -> None:
    """A cost turns out to be entered in error after it was paid for: a recovery waits to be confirmed."""
    paid = Grant.objects.filter(state=GrantState.PAID, items__expense__isnull=False).order_by("number").first()
    item = paid.items.select_related("expense").first() if paid else None
    if paid and item and item.expense:
        expenses.void_expense(expense=item.expense, reason=_("The invoice was cancelled."), by=officer)
        recoveries.review_companies([paid.company_id])
