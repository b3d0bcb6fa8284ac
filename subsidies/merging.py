"""How what the policy gives a company is merged: costs move; what was billed, granted, paid and decided stays.

A company is merged with closed books: nothing is left to be paid, granted or asked back under its name. What is
closed counts for the surviving company (`gather`), so that nothing is given or billed twice.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from companies.merging.rules import Rule, TextRule, Treatment, named
from companies.models import Company
from core.locks import lock_for_transaction
from subsidies.choices import GrantState, PaymentState
from subsidies.gather.selection import chosen
from subsidies.models import Expense, Grant, Recovery, RentPayment, RentStatement, StageProposal
from subsidies.models.costs import same_payment
from subsidies.models.recoveries import UNSETTLED


def lock(companies: Sequence[int]) -> None:
    """Nobody issues a month, decides or bills one of these companies until the transaction ends."""
    lock_for_transaction("statements", shared=True)
    chosen(companies).lock()


def _open_grants(merged: Company, _survivor: Company) -> Iterator[str]:
    grants = Grant.objects.filter(company=merged, state__in=[GrantState.PROPOSED, GrantState.APPROVED])
    numbers = list(grants.order_by("number").values_list("number", flat=True))
    if numbers:
        yield _(
            "%(company)s has grants that are proposed or not paid yet: %(grants)s. Pay them, or withdraw or take them"
            " back first."
        ) % {"company": merged.code, "grants": named(numbers)}
    asked = Recovery.objects.filter(Q(grant__company=merged) | Q(statement__company=merged), state__in=UNSETTLED)
    if count := asked.count():
        yield _(
            "%(company)s has something to pay back that is not settled (%(count)s): settle it first, or let this"
            " company be the surviving one."
        ) % {"company": merged.code, "count": count}


def _open_rent(merged: Company, _survivor: Company) -> Iterator[str]:
    own = RentStatement.objects.filter(company=merged)
    owed, left = own.owed().order_by("month"), own.credits().order_by("month")
    if numbers := [statement.number for statement in [*owed, *left]]:
        yield _(
            "%(company)s has rent statements that are not settled: %(statements)s. Record what was paid or set off"
            " first, or let this company be the surviving one."
        ) % {"company": merged.code, "statements": named(numbers)}


def _unspent_payments(merged: Company, _survivor: Company) -> Iterator[str]:
    payments = RentPayment.objects.filter(company=merged).in_state(PaymentState.LEFT).order_by("transaction")
    if numbers := list(payments.values_list("transaction", flat=True)):
        yield _("Of payments of %(company)s something is left over: %(payments)s. Match or reverse them first.") % {
            "company": merged.code,
            "payments": named(numbers),
        }


def _claimed_twice(merged: Company, survivor: Company) -> Iterator[str]:
    doubles = []
    for cost in Expense.objects.valid().filter(company=merged).order_by("number"):
        cost.company = survivor
        other = same_payment(cost)
        if other is not None:
            doubles.append(f"{cost.number} = {other.number}")
    if doubles:
        yield _("Both companies put the same payment forward: %(costs)s. Declare one of the two void first.") % {
            "costs": named(doubles)
        }


def _open_appeals(merged: Company, _survivor: Company) -> Iterator[str]:
    """A proposal that waits is superseded by itself: a merged company is in no stage any more."""
    if StageProposal.objects.filter(company=merged, appeal__isnull=False, appeal__answered_at=None).exists():
        message = _("%(company)s has appealed against a decision about its stage: answer the appeal first.")
        yield message % {"company": merged.code}


def _unmatched(payments: Any) -> Any:
    """What pays nothing yet may pay for the surviving company; what paid a statement stays beside it."""
    free = RentPayment.objects.in_state(PaymentState.UNMATCHED).values("pk")
    return payments.filter(pk__in=free)


MOVES, STAYS = Treatment.MOVES, Treatment.STAYS

RULES: tuple[Rule | TextRule, ...] = (
    Rule("subsidies.Supplier", "company", MOVES, gettext_lazy("Standing as a supplier")),
    Rule("subsidies.Expense", "company", MOVES, gettext_lazy("Costs"), conflicts=_claimed_twice),
    Rule(
        "subsidies.RentPayment", "company", MOVES, gettext_lazy("Payments of rent"), chosen=_unmatched,
        conflicts=_unspent_payments, money=True,
    ),
    Rule(
        "subsidies.RentStatement", "company", STAYS, gettext_lazy("Rent statements"), conflicts=_open_rent, money=True
    ),
    Rule("subsidies.InterestStatement", "company", STAYS, gettext_lazy("Interest statements"), money=True),
    Rule("subsidies.Grant", "company", STAYS, gettext_lazy("Grants"), conflicts=_open_grants, money=True),
    Rule("subsidies.LedgerEntry", "company", STAYS, gettext_lazy("Lines of the ledger"), money=True),
    Rule("subsidies.GrantedContract", "company", STAYS, gettext_lazy("Contracts that grants hold"), money=True),
    Rule("subsidies.Decision", "company", STAYS, gettext_lazy("Decisions")),
    Rule(
        "subsidies.StageProposal", "company", STAYS, gettext_lazy("Proposals of stages"), conflicts=_open_appeals
    ),
    Rule("subsidies.SimulationChange", "company", STAYS, gettext_lazy("Results of simulations")),
    Rule("subsidies.SimulationCorrection", "company", STAYS, gettext_lazy("Corrections in simulations")),
    TextRule("subsidies.Decision", "company_code", "it is sealed: the code that the company had when it was decided"),
)  # fmt: skip
