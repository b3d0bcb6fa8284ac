"""Deposits of leases: what was agreed, and every yuan that came and went."""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from core.audit import audited
from core.constraints import calendar_day, one_of
from core.money import MOST_YUAN, MoneyField
from spaces.choices import DepositKind
from spaces.models.leases import Lease
from spaces.models.lives import append_only


def holds_so_much() -> pgtrigger.Trigger:
    """No lease gives out more of its deposit than came in, whoever writes. The rows of the leases are held: of two who
    write at once the second counts what the first did. What was entered in error is left out, as its reversal is."""
    return pgtrigger.Trigger(
        name="holds_so_much",
        operation=pgtrigger.Insert,
        when=pgtrigger.After,
        declare=[("undone", "spaces_depositmovement%ROWTYPE"), ("short", "record")],
        func="""
            SELECT * INTO undone FROM spaces_depositmovement WHERE id = NEW.reverses_id;
            PERFORM FROM spaces_lease WHERE id IN (NEW.lease_id, NEW.to_lease_id, undone.to_lease_id) ORDER BY id
                FOR NO KEY UPDATE;
            IF NEW.reverses_id IS NOT NULL AND (undone.kind IN ('reversed', 'agreed') OR undone.lease_id <> NEW.lease_id
                                                OR undone.amount <> NEW.amount) THEN
                RAISE EXCEPTION 'a reversal takes back a movement of its lease, as it was'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_depositmovement_reverses';
            END IF;
            IF NEW.to_lease_id IS NOT NULL AND NOT EXISTS (
                SELECT FROM spaces_succession line JOIN spaces_lease after ON after.id = line.after_id
                WHERE line.before_id = NEW.lease_id AND line.after_id = NEW.to_lease_id AND after.voided_at IS NULL
            ) THEN
                RAISE EXCEPTION 'a deposit is handed over to a lease that follows'
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_depositmovement_to_successor';
            END IF;
            SELECT touched.id INTO short
                FROM (VALUES (NEW.lease_id), (NEW.to_lease_id), (undone.to_lease_id)) touched (id)
                CROSS JOIN LATERAL (
                    SELECT sum(CASE WHEN move.to_lease_id = touched.id OR move.kind = 'received' THEN move.amount
                                    WHEN move.kind IN ('returned', 'withheld', 'handed_over') THEN -move.amount
                                    ELSE 0 END) AS held
                    FROM spaces_depositmovement move
                    WHERE touched.id IN (move.lease_id, move.to_lease_id)
                      AND NOT EXISTS (SELECT FROM spaces_depositmovement undo WHERE undo.reverses_id = move.id)
                ) sums
                WHERE sums.held < 0 LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'more than its deposit goes out of lease %', short.id
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'spaces_depositmovement_held';
            END IF;
            RETURN NULL;
        """,
    )


@audited(exclude=["public_id"])  # an address, which says nothing
class DepositMovement(models.Model):
    """One line of the ledger of a lease's deposit, written once and never changed.

    `agreed` says what is to be paid from now on, and moves nothing; of several the last one holds. What is handed over
    leaves `lease` and comes to `to_lease`, in one row, so that no half of it can be missing. What was entered in error
    is taken back by a row that `reverses` it.
    """

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    lease = models.ForeignKey(Lease, models.PROTECT, related_name="deposit_movements", verbose_name=_("lease"))
    kind = models.CharField(_("kind"), max_length=11, choices=DepositKind)
    amount = MoneyField(_("amount in yuan"))
    day = models.DateField(_("day"))
    to_lease = models.ForeignKey(
        Lease, models.PROTECT, null=True, blank=True, related_name="deposits_taken_over", verbose_name=_("lease after")
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversal", verbose_name=_("reverses"),
        error_messages={"unique": _("It was taken back already.")},
    )  # fmt: skip
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now())

    class Meta:
        verbose_name = _("movement of a deposit")
        verbose_name_plural = _("movements of deposits")
        ordering = ["pk"]
        constraints = [
            one_of("kind", DepositKind.values),
            calendar_day("day"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, amount__lte=MOST_YUAN) | Q(kind=DepositKind.AGREED, amount=0),
                name="%(app_label)s_%(class)s_amount",
                violation_error_message=_("The amount is above 0 and at most 10 billion yuan."),
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=[DepositKind.WITHHELD, DepositKind.REVERSED], reason=""),
                name="%(app_label)s_%(class)s_reason",
                violation_error_message=_("Say why: the company reads it."),
            ),
            models.CheckConstraint(
                condition=Q(kind=DepositKind.HANDED_OVER, to_lease__isnull=False)
                | (~Q(kind=DepositKind.HANDED_OVER) & Q(to_lease=None)),
                name="%(app_label)s_%(class)s_handed_over",
                violation_error_message=_("What is handed over goes to a lease that follows, and nothing else does."),
            ),
            models.CheckConstraint(
                condition=Q(to_lease=None) | ~Q(to_lease=F("lease")),
                name="%(app_label)s_%(class)s_to_another",
                violation_error_message=_("A deposit is handed over to another lease."),
            ),
            models.CheckConstraint(
                condition=Q(kind=DepositKind.REVERSED, reverses__isnull=False)
                | (~Q(kind=DepositKind.REVERSED) & Q(reverses=None)),
                name="%(app_label)s_%(class)s_reversed",
            ),
        ]
        triggers = [append_only(), holds_so_much()]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.amount}"
