"""Load a policy pack as a draft, and publish a draft.

A version that exists is never loaded over: the same content changes nothing, another one is refused. A published
version is immutable, and the database sees to it.
"""

from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core import outbox
from core.errors import Conflict, NotAllowed, conflict_from, incomplete_from
from core.locks import lock_for_transaction
from subsidies import permissions, policy
from subsidies.choices import PolicyState
from subsidies.models import PolicyVersion
from subsidies.rules.pack import PolicyPack
from subsidies.services.ledger import refuse_below_committed


@dataclass(frozen=True)
class Loaded:
    """The version, and whether it was there already with the same content."""

    version: PolicyVersion
    was_known: bool


@transaction.atomic
def load_pack(*, pack: PolicyPack, publish: bool = False, by: User | None = None) -> Loaded:
    """Make a draft of the pack; with `publish`, put it in force, which is only for a portal that never had a policy.

    Conflict, with nothing changed: another content under a known version, another policy than the portal's own, a
    `publish` where a policy is or was in force. `by` is None for the command line.
    """
    lock_for_transaction("policy")
    _refuse_other_policy(pack)
    known = PolicyVersion.objects.filter(policy=pack.policy, version=pack.version).first()
    if known is not None and policy.pack_of(known) != pack:
        raise Conflict(
            _("Version %(version)s is in the portal with other content. Give the pack a new version.")
            % {"version": pack.version},
            code="version_taken",
        )
    version = known or _written(pack)
    if publish and version.state == PolicyState.DRAFT:
        if PolicyVersion.objects.published().exists():
            raise Conflict(
                _("A policy was in force before: %(version)s is loaded as a draft only, without --publish.")
                % {"version": pack.version},
                code="policy_in_force",
            )
        publish_version(version=version, by=by)
    return Loaded(version, known is not None)


@transaction.atomic
def publish_version(*, version: PolicyVersion, by: User | None = None) -> PolicyVersion:
    """Put a draft in force from its first day on. Everything is decided again after it."""
    if by is not None and not permissions.can_publish(by):
        raise NotAllowed(_("Policy editors publish a version."))
    lock_for_transaction("policy")
    draft = PolicyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    _refuse_to_publish(draft)
    refuse_below_committed(policy.parameter_set(draft), first_year=draft.effective_from.year)
    draft.state, draft.published_at = PolicyState.PUBLISHED, timezone.now()
    try:
        draft.save(update_fields=["state", "published_at"])
    except IntegrityError as error:
        raise conflict_from(error, PolicyVersion) from error
    outbox.record("policy.published", draft.version, {"effective_from": draft.effective_from.isoformat()})
    version.state, version.published_at = draft.state, draft.published_at
    return draft


def _refuse_to_publish(draft: PolicyVersion) -> None:
    if draft.state != PolicyState.DRAFT:
        raise Conflict(_("Version %(version)s is published already.") % {"version": draft.version}, code="published")
    newest = PolicyVersion.objects.published().order_by("-effective_from").first()
    if newest is not None and draft.effective_from <= newest.effective_from:
        raise Conflict(
            _("Version %(version)s must begin after %(day)s, the first day of version %(newest)s.")
            % {"version": draft.version, "day": newest.effective_from, "newest": newest.version},
            code="not_after",
        )


def _refuse_other_policy(pack: PolicyPack) -> None:
    other = PolicyVersion.objects.exclude(policy=pack.policy).first()
    if other is not None:
        raise Conflict(
            _("The portal holds the policy %(held)s; %(given)s is another one.")
            % {"held": other.policy, "given": pack.policy},
            code="other_policy",
        )


def _written(pack: PolicyPack) -> PolicyVersion:
    try:
        return policy.write_rows(pack)
    except ValidationError as error:
        raise incomplete_from(error) from error
