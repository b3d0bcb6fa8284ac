"""Acts on targets of the plan and on the sectors of industries. NotAllowed for who may not, Incomplete for what is
malformed, Conflict for what is there already."""

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core import records
from core.errors import Incomplete, NotAllowed
from core.periods import Day
from zone_portal.dashboard.models import IndustrySector, Sector, Target
from zone_portal.dashboard.permissions import can_keep_sectors, can_keep_targets


@transaction.atomic
def set_target(
    *, figure: str, year: int, value: Decimal, source: str, adopted_on: Day, by: User, on: Day
) -> Target:  # fmt: skip
    """Enter what the plan says since the day `adopted_on`; what it said before stays on record. `on` is the present
    day."""
    _refuse_stranger(by)
    if adopted_on is not None and adopted_on > on:
        message = _("The target was adopted on %(on)s or before.") % {"on": on}
        raise Incomplete(message, fields={"adopted_on": [message]})
    made = Target(
        figure=figure, year=year, value=value, source=source.strip(), adopted_on=adopted_on, entered_by=by
    )  # fmt: skip
    return records.save(made)


@transaction.atomic
def void_target(*, target: Target, reason: str, by: User) -> Target:
    """It was entered in error: the one before it stands again."""
    _refuse_stranger(by)
    return records.declare_void(records.hold(target), reason)


@transaction.atomic
def set_sectors(*, sectors: Mapping[str, str], by: User) -> int:
    """Say to which sector each of these industries belongs, "" for none; returns how many changed."""
    if not can_keep_sectors(by):
        raise NotAllowed(_("Only officers say to which sector an industry belongs."))
    unknown = set(sectors.values()) - {*Sector.values, ""}
    if unknown:
        raise Incomplete(_("There is no sector %(sector)s.") % {"sector": ", ".join(sorted(unknown))})
    held = {row.industry: row for row in IndustrySector.objects.select_for_update().filter(industry__in=sectors)}
    changed = 0
    for industry, sector in sectors.items():
        row = held.get(industry)
        if (row.sector if row else "") == sector:
            continue
        changed += 1
        if row and sector:
            row.sector = sector
            row.save(update_fields=["sector"])
        elif row:
            row.delete()
        else:
            records.save(IndustrySector(industry=industry, sector=sector))
    return changed


def _refuse_stranger(by: User) -> None:
    if not can_keep_targets(by):
        raise NotAllowed(_("Officers and approvers enter the targets of the plan."))
