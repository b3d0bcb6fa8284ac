"""Acts on checklists: what is to be done with companies of a stage, and what of it is done with one of them."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from community.models import ChecklistEntry, ChecklistTick
from community.permissions import can_give_support, can_keep_support, refuse_stranger
from community.support import audience_of
from companies.models import Company
from core import outbox, records
from core.errors import Conflict, Incomplete
from core.periods import Day


@transaction.atomic
def add_entry(*, values: Mapping[str, Any], by: User) -> ChecklistEntry:
    """A line more for companies of a stage; `values` are its fields."""
    refuse_stranger(can_keep_support(by))
    return records.save(ChecklistEntry(**values))


@transaction.atomic
def change_entry(*, entry: ChecklistEntry, values: Mapping[str, Any], by: User) -> ChecklistEntry:
    """Other words, another place, or retired. What was ticked stays ticked; so the stage stays."""
    refuse_stranger(can_keep_support(by))
    held = ChecklistEntry.objects.select_for_update().get(pk=entry.pk)
    if held.stage != values["stage"] and held.ticks.exists():
        message = _("Companies have done it in this stage: retire it, and add it to the other stage.")
        raise Conflict(message, code="ticked", fields={"stage": [message]})
    for name, value in values.items():
        setattr(held, name, value)
    return records.save(held)


@transaction.atomic
def tick(
    *, company: Company, entry: ChecklistEntry, ticked_on: Day, note: str = "", by: User, on: Day
) -> ChecklistTick:
    """It is done with the company since the day."""
    refuse_stranger(can_give_support(by, company))
    if entry.is_retired or entry.audience not in {"", audience_of(company)}:
        raise Conflict(_("This is not to be done with this company."), code="not_asked")
    if ticked_on > on:
        message = _("It was done on %(on)s or before.") % {"on": on}
        raise Incomplete(message, fields={"ticked_on": [message]})
    made = ChecklistTick(company=company, entry=entry, ticked_on=ticked_on, ticked_by=by, note=note.strip())
    records.save(made)
    outbox.record("checklist.changed", company.code, {"company": company.code})
    return made


@transaction.atomic
def untick(*, company: Company, entry: ChecklistEntry, by: User) -> None:
    """It is not done after all. Conflict where nobody said that it is."""
    refuse_stranger(can_give_support(by, company))
    gone, _each = ChecklistTick.objects.filter(company=company, entry=entry).delete()
    if not gone:
        raise Conflict(_("Nobody has ticked it."), code="not_ticked")
    outbox.record("checklist.changed", company.code, {"company": company.code})
