"""Acts on figures that are kept and published. NotAllowed for who may not, Conflict for what was done already."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from core.errors import Conflict, Incomplete, NotAllowed
from core.periods import Day
from zone_portal.dashboard.measures.measures import measure
from zone_portal.dashboard.measures.sheet import make_sheet
from zone_portal.dashboard.models import Snapshot
from zone_portal.dashboard.permissions import can_keep_targets, can_withdraw


@transaction.atomic
def keep_snapshot(*, day: Day, by: User, on: Day) -> Snapshot:
    """Keep the protected figures of a day as they are known now; `on` is the present day. They never change."""
    if not can_keep_targets(by):
        raise NotAllowed(_("Officers and approvers keep the figures of a day."))
    if day > on:
        raise Incomplete(_("The day is %(on)s or before.") % {"on": on}, fields={"day": []})
    return Snapshot.objects.create(day=day, sheet=make_sheet(measure(day)), kept_by=by)


@transaction.atomic
def publish_snapshot(*, snapshot: Snapshot, by: User) -> Snapshot:
    """Open the figures to everybody who has their address."""
    held = _held(snapshot, by)
    if held.kept_by_id == by.pk:
        raise NotAllowed(_("Another person than who kept the figures publishes them."))
    if held.published_at is not None:
        raise Conflict(_("These figures are published already."), code="published_already")
    held.published_at, held.published_by = timezone.now(), by
    held.save(update_fields=["published_at", "published_by"])
    return held


@transaction.atomic
def withdraw_snapshot(*, snapshot: Snapshot, reason: str, by: User) -> Snapshot:
    """Close them again, with the reason. They stay on record, and are not published a second time."""
    held = _held(snapshot, by)
    if not held.is_public:
        raise Conflict(_("These figures are not published."), code="not_published")
    if not reason.strip():
        message = _("Say why the figures are withdrawn.")
        raise Incomplete(message, fields={"reason": [message]})
    held.withdrawn_at, held.withdrawn_by, held.withdrawn_reason = timezone.now(), by, reason.strip()
    held.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    return held


def _held(snapshot: Snapshot, by: User) -> Snapshot:
    if not can_withdraw(by):
        raise NotAllowed(_("Approvers publish figures and withdraw them."))
    return Snapshot.objects.select_for_update(of=("self",)).get(pk=snapshot.pk)
