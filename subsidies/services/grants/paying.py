"""Record that a grant was paid. The portal moves no money itself: the treasurer did, and says so here."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, NotAllowed
from subsidies import permissions
from subsidies.choices import EntryKind, GrantState
from subsidies.models import Grant
from subsidies.services import ledger
from subsidies.services.causes import due, why_less
from subsidies.services.families import family
from subsidies.services.holding import hold, tell


@transaction.atomic
def pay_grant(*, grant: Grant, on: dt.date, reference: str = "", by: User) -> Grant:
    """What is committed of an approved grant was paid on the day `on`; `reference` is the bank's. Conflict while a
    correction of its facts, or a new version of the policy, is being worked out, after which less may be due."""
    if not permissions.can_pay(by, grant):
        raise NotAllowed(_("The treasurer records payments, and not to his own company."))
    held = hold(grant, states=[GrantState.APPROVED])
    _refuse_before_its_grant(held)
    _refuse_change(held)
    ledger.post(EntryKind.PAYMENT, grant=held, amount=held.committed, by=by, reason=reference.strip())
    held.state, held.paid_by, held.paid_on = GrantState.PAID, by, on
    held.save(update_fields=["state", "paid_by", "paid_on", "updated_at"])
    tell(held)
    return held


def _refuse_change(grant: Grant) -> None:
    known, found = family(grant), due(grant)
    if known.stands(found):
        return
    if version := why_less(known.last, found).version:
        message = _(
            "Version %(version)s of the policy was published after %(grant)s was approved, and governs its day: what is"
            " due is worked out again."
        )
        raise Conflict(message % {"grant": grant.number, "version": version}, code="policy_changed")
    message = _(
        "A fact that %(grant)s rests on was corrected, or is not known any more: what is due is worked out again."
    )
    raise Conflict(message % {"grant": grant.number}, code="facts_changed")


def _refuse_before_its_grant(grant: Grant) -> None:
    if grant.supplement_to is not None and grant.supplement_to.state != GrantState.PAID:
        message = _("%(grant)s supplements %(first)s, which is not paid yet: pay that one first.")
        raise Conflict(message % {"grant": grant.number, "first": grant.supplement_to.number}, code="pay_first")
