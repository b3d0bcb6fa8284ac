"""Why something cannot be proposed: another grant holds it. The refusal names that grant; one of another company only
of a contract, and to whoever may see that company's grants."""

from collections.abc import Sequence

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from accounts.models import User
from community.models import Talent
from companies.models import Company
from core.errors import Conflict
from funding.models import Project
from subsidies.choices import GrantState, Point
from subsidies.models import Expense, Grant, GrantItem
from subsidies.models.items import held_elsewhere

Thing = Expense | Talent | Project
FIELDS = {Expense: "expense", Talent: "talent", Project: "project"}


def refuse(
    company: Company, point: Point, part: str, things: Sequence[Thing], by: User, *, supplement_to: Grant | None = None
) -> None:
    """Conflict where a proposal of the same point waits, the point was granted for good, or an item or its contract is
    in another grant. A supplement gives more for the same items, and is no second grant."""
    own = Grant.objects.filter(company=company, point=point)
    if waiting := own.filter(part=part, state=GrantState.PROPOSED).first():
        message = _("Grant %(grant)s is proposed already: decide on it, or withdraw it first.")
        raise Conflict(message % {"grant": waiting.number}, code="proposed_already")
    if (
        supplement_to is None
        and point == Point.SETTLEMENT
        and (once := own.holding().filter(supplement_to=None).first())
    ):
        message = _("It is granted once a company, and was: %(grant)s.")
        raise Conflict(message % {"grant": _named(once)}, code="granted_already")
    for thing in things:
        if item := _item_of(thing):
            raise Conflict(_held(thing, item.grant, company), code="granted_already")
    for expense in things:
        if isinstance(expense, Expense) and (taken := held_elsewhere(expense)):
            raise Conflict(_held_contract(expense, taken.grant, company, by), code="contract_granted")


def _item_of(thing: Thing) -> GrantItem | None:
    own = GrantItem.objects.filter(held=True, supplement=False, **{FIELDS[type(thing)]: thing})
    return own.select_related("grant__company").first()


def _held(thing: Thing, grant: Grant, company: Company) -> str:
    if grant.company_id != company.pk:
        return _("%(item)s was awarded elsewhere already.") % {"item": thing}
    return _("%(item)s is in grant %(grant)s already.") % {"item": thing, "grant": _named(grant)}


def _held_contract(expense: Expense, grant: Grant, company: Company, by: User) -> str:
    words = {
        "contract": expense.contract,
        "supplier": expense.supplier,
        "grant": _named(grant),
        "company": grant.company,
    }
    if grant.company_id == company.pk:
        if expense.supplier is None:
            return _("Contract or invoice %(contract)s was subsidised by %(grant)s already.") % words
        return _("Contract %(contract)s with supplier %(supplier)s was subsidised by %(grant)s already.") % words
    if Grant.objects.visible_to(by).filter(pk=grant.pk).exists():
        message = _(
            "Contract %(contract)s with supplier %(supplier)s was subsidised elsewhere already: by %(grant)s of"
            " %(company)s."
        )
        return message % words
    return _("Contract %(contract)s with supplier %(supplier)s was subsidised elsewhere already.") % words


def _named(grant: Grant) -> str:
    """Number, point, day."""
    return f"{grant.number} ({capfirst(str(grant.get_point_display()))}, {grant.granted_on or grant.proposed_on})"
