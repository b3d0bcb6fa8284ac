"""What every proposal is written with: its number, and the rows of its items."""

from decimal import Decimal
from typing import Any, cast

from django.db import IntegrityError
from django.utils.translation import gettext as _

from community.models import Talent
from core.errors import Conflict
from core.locks import lock_for_transaction
from core.records import constraint_of
from funding.models import Project
from subsidies.models import Expense, Grant, GrantItem
from subsidies.rules.granting import Kind
from subsidies.services.entitled import Item

THINGS = {Kind.EXPENSE: (Expense, "number"), Kind.TALENT: (Talent, "code"), Kind.PROJECT: (Project, "code")}


def next_number(year: int) -> str:
    """`G-2026-00001` and so on; given out one after the other, until the transaction ends."""
    lock_for_transaction("subsidies.grants")
    newest = Grant.objects.filter(number__startswith=f"G-{year}-").order_by("-number").values_list("number", flat=True)
    last = int(newest[0].rsplit("-", 1)[1]) if newest else 0
    return f"G-{year}-{last + 1:05}"


def thing(item: Item) -> Expense | Talent | Project:
    """The record that an item is."""
    model, name = THINGS[item.kind]
    found: Any = model._default_manager.get(**{name: item.code})
    return cast("Expense | Talent | Project", found)


def row(grant: Grant, item: Item, thing: Expense | Talent | Project) -> GrantItem:
    """The item of a grant, not saved."""
    return GrantItem(grant=grant, worth=item.worth or Decimal(0), seen=dict(item.seen), **{item.kind.value: thing})


def unnamed(error: IntegrityError) -> Conflict | IntegrityError:
    """An item that was taken, or moved to another company, since it was counted."""
    if (constraint_of(error) or "").endswith(("_once", "_one_proposed", "subsidies_grantitem_company")):
        return Conflict(_("Somebody granted the same a moment ago: look again."), code="granted_already")
    return error
