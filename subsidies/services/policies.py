"""Load a policy pack as a draft, and publish a version.

A version that exists is never loaded over: the same content changes nothing, another one is refused. A published
version is immutable, and the database sees to it.
"""

import datetime as dt
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
from subsidies.services import gate
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
    `publish` where a policy is or was in force. NotAllowed for a person who is no policy editor; `by` is None for the
    command line.
    """
    if by is not None and not permissions.can_edit_policy(by):
        raise NotAllowed(_("Policy editors make a draft."))
    lock_for_transaction("policy")
    _refuse_other_policy(pack)
    known = PolicyVersion.objects.filter(policy=pack.policy, version=pack.version).first()
    if known is not None and policy.pack_of(known) != pack:
        raise Conflict(
            _("Version %(version)s is in the portal with other content. Give the pack a new version.")
            % {"version": pack.version},
            code="version_taken",
        )
    version = known or _written(pack, by)
    if publish and version.state != PolicyState.PUBLISHED:
        if PolicyVersion.objects.published().exists():
            raise Conflict(
                _("A policy was in force before: %(version)s is loaded as a draft only, without --publish.")
                % {"version": pack.version},
                code="policy_in_force",
            )
        _put_in_force(version, by)
    return Loaded(version, known is not None)


@transaction.atomic
def publish_version(*, version: PolicyVersion, on: dt.date, by: User) -> PolicyVersion:
    """Put an approved draft in force from its first day on. Everything is decided again after it.

    NotAllowed for anybody but policy editors, and for who approved it; Conflict with all that stands in the way
    (`gate.problems`), by code in its `fields`. An effective day in the past is no such thing: decisions and issued
    months are corrected after it.
    """
    if not permissions.can_publish(by):
        raise NotAllowed(_("Policy editors publish a version."))
    lock_for_transaction("policy")
    draft = PolicyVersion.objects.select_for_update(of=("self",)).get(pk=version.pk)
    if draft.state == PolicyState.PUBLISHED:
        raise Conflict(_("Version %(version)s is published already.") % {"version": draft.version}, code="published")
    if not permissions.can_publish_version(by, draft):
        raise NotAllowed(
            _("You approved version %(version)s: another policy editor publishes it.") % {"version": draft.version},
            code="two_people",
        )
    _refuse_what_the_gate_holds(draft, on)
    refuse_below_committed(policy.parameter_set(draft), first_year=draft.effective_from.year)
    _put_in_force(draft, by)
    version.refresh_from_db()
    return draft


def _refuse_what_the_gate_holds(draft: PolicyVersion, on: dt.date) -> None:
    found = gate.problems(draft, on)
    if not found:
        return
    fields: dict[str, list[str]] = {}
    for problem in found:
        fields.setdefault(problem.code, []).append(problem.text)
    raise Conflict(
        _("Version %(version)s cannot be published yet. %(problems)s")
        % {"version": draft.version, "problems": " ".join(problem.text for problem in found)},
        code="gate",
        fields=fields,
    )


def _put_in_force(draft: PolicyVersion, by: User | None) -> None:
    draft.state, draft.published_at, draft.published_by = PolicyState.PUBLISHED, timezone.now(), by
    try:
        draft.save(update_fields=["state", "published_at", "published_by"])
    except IntegrityError as error:
        raise conflict_from(error, PolicyVersion) from error
    outbox.record("policy.published", draft.version, {"effective_from": draft.effective_from.isoformat()})


def _refuse_other_policy(pack: PolicyPack) -> None:
    other = PolicyVersion.objects.exclude(policy=pack.policy).first()
    if other is not None:
        raise Conflict(
            _("The portal holds the policy %(held)s; %(given)s is another one.")
            % {"held": other.policy, "given": pack.policy},
            code="other_policy",
        )


def _written(pack: PolicyPack, by: User | None) -> PolicyVersion:
    try:
        written = policy.write_rows(pack, by=by, at=timezone.now())
    except ValidationError as error:
        raise incomplete_from(error) from error
    if by is not None:
        outbox.record("policy.drafted", written.version)
    return written
