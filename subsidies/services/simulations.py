"""Simulations of a draft: on which facts they rest, and having one made.

What a simulation finds is worked out in the background; here is what the gate of publishing asks for.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Count, Max
from django.utils.translation import gettext as _

from accounts.models import User
from core import outbox
from core.errors import Conflict, NotAllowed
from core.models import OutboxEvent
from subsidies import permissions, policy
from subsidies.choices import PolicyState
from subsidies.models import PolicyVersion, Simulation
from subsidies.services import reactions

# A version that comes into force changes no fact. What of the policy decides is in the hash of the content.
FACTS = reactions.TOPICS - {"policy.published"}


def facts_mark() -> str:
    """A text that is another one as soon as a fact that decisions rest on has changed.

    It names the newest event about such a fact, and how many there are: numbers are given before the commit, so that
    one that comes late may be smaller than the newest. Read it before the facts: what changes in between is then seen
    as a change.
    """
    found = OutboxEvent.objects.filter(topic__in=FACTS).aggregate(newest=Max("pk"), count=Count("pk"))
    return f"{found['newest'] or 0}/{found['count']}"


@transaction.atomic
def begin_simulation(*, version: PolicyVersion, on: dt.date, by: User) -> Simulation:
    """Have a version simulated as of the day `on`, on the facts of this moment; a draft is *in simulation* from then
    on. NotAllowed for anybody but policy editors; Conflict for a version that is published."""
    if not permissions.can_edit_policy(by):
        raise NotAllowed(_("Policy editors have a draft simulated."))
    held = PolicyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if held.state == PolicyState.PUBLISHED:
        raise Conflict(_("Version %(version)s is published already.") % {"version": held.version}, code="published")
    simulation = Simulation.objects.create(
        version=held, content_hash=policy.hash_of(held), day=on, facts_mark=facts_mark(), created_by=by
    )
    if held.state == PolicyState.DRAFT:
        held.state = PolicyState.SIMULATED
        held.save(update_fields=["state"])
    outbox.record("simulation.requested", held.version, {"simulation": str(simulation.public_id)})
    version.state = held.state
    return simulation
