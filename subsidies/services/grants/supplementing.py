"""Propose a supplement: what is due for the items of a grant, after a correction, beyond what was given for them.

It is decided as of the day of the grant, by the law of that day as it is known now, and beside everything else that was
granted in that year, so that no yearly maximum is passed. The money is of the budget of the year of the supplement.
"""

import datetime as dt

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, NotAllowed
from subsidies import permissions
from subsidies.choices import GRANTED, Point
from subsidies.models import Grant, GrantItem
from subsidies.services.causes import correction, due
from subsidies.services.entitled import Part
from subsidies.services.families import Family, family
from subsidies.services.grants import conflicts
from subsidies.services.grants.numbering import next_number, row, thing, unnamed
from subsidies.services.holding import hold, tell


@transaction.atomic
def propose_supplement(*, grant: Grant, on: dt.date, by: User) -> Grant:
    """Propose the difference between what is due for the items of an approved or paid grant and what it and its
    supplements give. Conflict where there is none, where it is not known, where a proposal waits already, and while a
    recovery is under way."""
    if not permissions.can_propose(by, grant.company):
        raise NotAllowed(_("Officers propose grants, and nobody for his own company."))
    first = hold(grant.first, states=list(GRANTED))
    if first.company.merged_into is not None:
        words = {"company": first.company.code, "other": first.company.merged_into.code}
        message = _("%(company)s was merged into %(other)s: nothing new is granted to it.")
        raise Conflict(message % words, code="company_merged")
    known = family(first)
    refuse_unsettled(known)
    conflicts.refuse(first.company, Point(first.point), first.part, [], by, supplement_to=first)
    found = due(first, beside_all=True)
    part, amount = found.part(first.part), known.supplement(found)
    if part.amount is None or not amount:
        message = _("No more is due for the items of %(grant)s than was granted for them.")
        raise Conflict(message % {"grant": first.number}, code="nothing_left")
    supplement = Grant(
        number=next_number(on.year), company=first.company, point=first.point, part=first.part,
        decision_id=first.decision_id, amount=amount, year=on.year, proposed_by=by, proposed_on=on,
        supplement_to=first, due_in_all=part.amount, correction=correction(known.last, found, given=known.gives),
    )  # fmt: skip
    return _written(supplement, part)


def _written(supplement: Grant, part: Part) -> Grant:
    try:
        with transaction.atomic():
            supplement.save()
            GrantItem.objects.bulk_create(row(supplement, item, thing(item)) for item in part.items)
    except IntegrityError as error:
        raise unnamed(error) from error
    supplement.refresh_from_db(fields=["public_id"])
    tell(supplement)
    return supplement


def refuse_unsettled(known: Family) -> None:
    """Conflict while something of the grant or a supplement is being asked back."""
    if recovery := known.unsettled():
        message = _("A recovery of grant %(grant)s is under way already: settle it first.")
        raise Conflict(message % {"grant": recovery.name}, code="recovered_already")


def refuse_unsupplemented(supplement: Grant) -> None:
    """Conflict where the grant of a proposed supplement ended, or something of it is being asked back."""
    known = family(supplement)
    if not known.granted or supplement.first.state not in GRANTED:
        raise Conflict(
            _("%(grant)s supplements a grant that ended: refuse it.") % {"grant": supplement.number}, code="state"
        )
    refuse_unsettled(known)
