"""Post to the ledger, and keep the budgets what the policy in force says.

The checks of the database are the guard; here they become words. Both are called within the transaction of the act.
"""

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from django.db import IntegrityError, transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, DomainError
from core.locks import lock_for_transaction
from core.markup import money
from core.money import to_yuan
from core.records import constraint_of
from subsidies import policy
from subsidies.choices import EntryKind, Point
from subsidies.models import Budget, Grant, LedgerEntry
from subsidies.rules.parameters import ParameterSet


def post(kind: EntryKind, *, grant: Grant, amount: Decimal, by: User | None, reason: str = "") -> LedgerEntry:
    """Write a line of the ledger; the sums of `grant` are read again. Conflict, with nothing posted, where the budget
    or the grant does not hold so much."""
    try:
        with transaction.atomic():
            entry = LedgerEntry.objects.create(
                kind=kind, point=grant.point, year=grant.year, company_id=grant.company_id, grant=grant, amount=amount,
                by=by, reason=reason,
            )  # fmt: skip
    except IntegrityError as error:
        raise _refusal(error, grant, amount) from error
    grant.refresh_from_db(fields=["committed", "paid", "recovered"])
    return entry


def _refusal(error: IntegrityError, grant: Grant, amount: Decimal) -> DomainError:
    match constraint_of(error):
        case "subsidies_budget_not_overspent":
            return _budget_exceeded(grant, amount)
        case (
            "subsidies_grant_committed_within"
            | "subsidies_grant_paid_within"
            | "subsidies_grant_recovered_within"
            | "subsidies_grant_supplemented_within"
        ):
            words = {"grant": grant.number, "amount": money(amount)}
            message = _("Grant %(grant)s does not hold %(amount)s any more: look at its ledger.") % words
            return Conflict(message, code="beyond_grant")
    raise error


def _budget_exceeded(grant: Grant, amount: Decimal) -> Conflict:
    words = _short_of(Budget.objects.get(point=grant.point, year=grant.year), amount)
    message = _(
        "%(point)s, %(year)s: %(left)s of the budget are left, and %(amount)s would be needed. Refuse the grant, or"
        " raise the budget by a new version of the policy."
    )
    return Conflict(message % words, code="budget_exceeded")


def _short_of(budget: Budget, amount: Decimal) -> dict[str, object]:
    return {
        "point": capfirst(str(budget.get_point_display())), "year": budget.year, "left": money(budget.left),
        "amount": money(amount),
    }  # fmt: skip


@transaction.atomic
def keep_budgets(*, on: dt.date) -> list[Budget]:
    """The budgets of all points in the year of `on`, as the version in force on that day says; nothing before a policy.
    A budget never falls below what is committed already."""
    version = policy.timeline().at(on)
    if version is None:
        return []
    lock_for_transaction("subsidies.budgets")
    known = {budget.point: budget for budget in Budget.objects.select_for_update().filter(year=on.year)}
    return [_kept(known.get(point), point, on.year, version) for point in Point]


def keep_budget(*, point: str, on: dt.date) -> Budget:
    """The one budget, likewise; Conflict where no policy is in force on the day."""
    found = {budget.point: budget for budget in keep_budgets(on=on)}
    if point not in found:
        raise Conflict(_("No policy is in force on %(day)s: nothing is granted.") % {"day": on}, code="no_policy")
    return found[point]


def refuse_beyond_budget(*, month: dt.date, on: dt.date, relief: Mapping[str, Decimal]) -> None:
    """Conflict where the budget of the year of `month` does not hold the `relief` of its statements (yuan by point),
    which are issued on the day `on`. The budgets are held until the transaction ends."""
    known = {budget.point: budget for budget in keep_budgets(on=min(on, month.replace(month=12, day=31)))}
    for point, amount in relief.items():
        if amount and amount > known[point].left:
            message = _(
                "%(point)s, %(year)s: %(left)s of the budget are left, and %(amount)s would be needed for %(month)s."
                " Raise the budget by a new version of the policy, then issue the month."
            )
            words = _short_of(known[point], amount) | {"month": f"{month:%Y-%m}"}
            raise Conflict(message % words, code="budget_exceeded")


def _kept(budget: Budget | None, point: str, year: int, version: ParameterSet) -> Budget:
    amount = to_yuan(version[f"{point}.yearly_budget"])
    if budget is None:
        return Budget.objects.create(point=point, year=year, amount=amount)
    kept = max(amount, budget.committed)
    if kept != budget.amount:
        budget.amount = kept
        budget.save(update_fields=["amount", "updated_at"])
    return budget


def refuse_below_committed(version: ParameterSet, *, first_year: int) -> None:
    """Conflict for a version of the policy whose budgets are lower than what is committed in the years from
    `first_year` on, which it will govern."""
    lock_for_transaction("subsidies.budgets")
    budgets = Budget.objects.select_for_update().filter(year__gte=first_year, committed__gt=0).order_by("year", "point")
    for budget in budgets:
        amount = to_yuan(version[f"{budget.point}.yearly_budget"])
        if amount < budget.committed:
            raise Conflict(_below(budget, amount), code="below_committed")


def _below(budget: Budget, amount: Decimal) -> str:
    words: Mapping[str, object] = {
        "point": capfirst(str(budget.get_point_display())), "year": budget.year, "amount": money(amount),
        "committed": money(budget.committed),
    }  # fmt: skip
    return (
        _("%(point)s, %(year)s: %(committed)s are committed already; a budget of %(amount)s would be less than that.")
        % words
    )
