"""Rent that came in: payments, what of them pays which statement, and how companies were asked for what is overdue.

Nothing here is ever deleted or rewritten. A payment stands as the bank told it; one that the bank took back is
reversed, with the reason, and what it had paid is owed again. An issued statement never changes either: whether it is
paid is the sum of its allotments. The triggers hold the rows that they add up, so that under any concurrency no
statement is paid twice and no payment spent twice.
"""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import calendar_day, never_deleted, number_field, number_form
from core.money import FEN, MOST_YUAN, MoneyField
from subsidies.choices import PaymentState, ReminderLevel
from subsidies.models.grants import differs
from subsidies.models.rent import RentStatement
from subsidies.querysets import AllotmentQuerySet, PaymentQuerySet

_AS_TOLD = ("id", "public_id", "transaction", "paid_on", "amount", "payer", "reference")
_REVERSAL = ("reversed_at", "reversed_by_id", "reversal_reason")
_ALLOTTED = ("id", "payment_id", "credit_id", "statement_id", "amount", "by_id", "at")


def _positive(name: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=Q(**{f"{name}__gt": 0}), name="%(app_label)s_%(class)s_above_nothing")


@audited()
class RentPayment(models.Model):
    """Money that came in at the bank, known by the bank's number of the transaction. `company` is whose rent it pays:
    None until it is known. `recorded_by` is None where it came with a file."""

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    transaction = number_field(
        _("transaction of the bank"), taken=_("The payment of this transaction is on record already.")
    )
    paid_on = models.DateField(_("paid on"))
    amount = MoneyField(_("amount in yuan"), validators=[MinValueValidator(FEN), MaxValueValidator(MOST_YUAN)])
    payer = models.CharField(_("payer"), max_length=200, blank=True)
    reference = models.CharField(_("reference"), max_length=300, blank=True)
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="rent_payments", verbose_name=_("company")
    )
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    recorded_at = models.DateTimeField(db_default=Now(), editable=False)
    reversed_at = models.DateTimeField(null=True, blank=True, editable=False)
    reversed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    reversal_reason = models.TextField(_("reason"), blank=True)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment of rent")
        verbose_name_plural = _("payments of rent")
        ordering = ["-paid_on", "-pk"]
        constraints = [
            number_form("transaction"),
            calendar_day("paid_on"),
            _positive("amount"),
            models.CheckConstraint(
                condition=Q(reversed_at=None, reversed_by=None, reversal_reason="")
                | (Q(reversed_at__isnull=False, reversed_by__isnull=False) & ~Q(reversal_reason="")),
                name="%(app_label)s_%(class)s_reversal",
                violation_error_message=_("Say why the payment is reversed."),
            ),
        ]
        indexes = [models.Index(fields=["paid_on"], name="subsidies_payment_day")]
        triggers = [
            never_deleted(),
            *never_of_merged(),
            pgtrigger.Protect(
                name="stands_as_told",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"({differs(*_AS_TOLD)} OR (OLD.reversed_at IS NOT NULL AND {differs(*_REVERSAL)}))"
                ),
            ),
            pgtrigger.Trigger(
                name="gives_back_first",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition(
                    f"((OLD.reversed_at IS NULL AND NEW.reversed_at IS NOT NULL) OR {differs('company_id')})"
                ),
                func="""
                    IF EXISTS (
                        SELECT FROM subsidies_rentallotment WHERE payment_id = NEW.id AND released_at IS NULL
                    ) THEN
                        RAISE EXCEPTION 'what a payment pays is taken back before it is reversed or of another company'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_rentpayment_gives_back_first';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.transaction

    @property
    def used(self) -> Decimal:
        """What of it pays statements; of one that was read `with_used` without a query."""
        known = getattr(self, "used_amount", None)
        return self.allotments.standing().total() if known is None else known

    @property
    def left(self) -> Decimal:
        """What of it pays nothing yet."""
        return Decimal(0) if self.reversed_at else self.amount - self.used

    @property
    def state(self) -> PaymentState:
        if self.reversed_at is not None:
            return PaymentState.REVERSED
        if not self.used:
            return PaymentState.UNMATCHED
        return PaymentState.LEFT if self.left else PaymentState.USED


# Each statement reads what was committed while it waited for the locks of the one before. The source comes first, so
# that two never wait for each other: a statement that gives is below 0, one that is paid above it.
_WITHIN = """
    IF NEW.payment_id IS NOT NULL THEN
        SELECT company_id, amount, reversed_at IS NULL AS stands INTO source
            FROM subsidies_rentpayment WHERE id = NEW.payment_id FOR NO KEY UPDATE;
        SELECT coalesce(sum(amount), 0) INTO used
            FROM subsidies_rentallotment WHERE payment_id = NEW.payment_id AND released_at IS NULL;
    ELSE
        SELECT company_id, -payable AS amount, state = 'issued' AS stands INTO source
            FROM subsidies_rentstatement WHERE id = NEW.credit_id FOR NO KEY UPDATE;
        SELECT coalesce(sum(amount), 0) INTO used
            FROM subsidies_rentallotment WHERE credit_id = NEW.credit_id AND released_at IS NULL;
    END IF;
    SELECT company_id, payable AS amount, state = 'issued' AS stands INTO target
        FROM subsidies_rentstatement WHERE id = NEW.statement_id FOR NO KEY UPDATE;
    SELECT coalesce(sum(amount), 0) INTO paid
        FROM subsidies_rentallotment WHERE statement_id = NEW.statement_id AND released_at IS NULL;
    IF NOT source.stands OR NOT target.stands THEN
        RAISE EXCEPTION 'only a payment that stands pays a statement that was issued'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_rentallotment_stands';
    END IF;
    IF source.company_id IS DISTINCT FROM target.company_id THEN
        RAISE EXCEPTION 'a payment pays statements of its own company'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_rentallotment_of_company';
    END IF;
    IF used + NEW.amount > source.amount THEN
        RAISE EXCEPTION 'no more of a payment is spent than came in'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_rentallotment_within_source';
    END IF;
    IF paid + NEW.amount > target.amount THEN
        RAISE EXCEPTION 'no statement is paid more than it asks for'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_rentallotment_within_statement';
    END IF;
    RETURN NEW;
"""


@audited()
class RentAllotment(models.Model):
    """So much of a payment, or of what an issued statement below 0 owes the company (`credit`), pays a statement. `by`
    is None where the portal matched it by the number that the payer named. It is released when the payment is reversed,
    or when it was matched wrongly."""

    payment = models.ForeignKey(RentPayment, models.PROTECT, null=True, blank=True, related_name="allotments")
    credit = models.ForeignKey(RentStatement, models.PROTECT, null=True, blank=True, related_name="given")
    statement = models.ForeignKey(RentStatement, models.PROTECT, related_name="allotments")
    amount = MoneyField(_("amount in yuan"), validators=[MinValueValidator(FEN)])
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)
    released_at = models.DateTimeField(null=True, blank=True, editable=False)
    release_reason = models.TextField(_("reason"), blank=True)

    objects = AllotmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("allotment of a payment")
        verbose_name_plural = _("allotments of payments")
        ordering = ["at", "pk"]
        constraints = [
            _positive("amount"),
            models.CheckConstraint(
                condition=Q(payment__isnull=False, credit=None) | Q(payment=None, credit__isnull=False),
                name="%(app_label)s_%(class)s_one_source",
            ),
            models.CheckConstraint(
                condition=Q(released_at=None, release_reason="")
                | (Q(released_at__isnull=False) & ~Q(release_reason="")),
                name="%(app_label)s_%(class)s_release",
                violation_error_message=_("Say why it is taken back."),
            ),
        ]
        triggers = [
            never_deleted(),
            pgtrigger.Protect(
                name="begins_standing",
                operation=pgtrigger.Insert,
                condition=pgtrigger.Condition("(NEW.released_at IS NOT NULL)"),
            ),
            pgtrigger.Protect(
                name="released_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(f"(OLD.released_at IS NOT NULL OR {differs(*_ALLOTTED)})"),
            ),
            pgtrigger.Trigger(
                name="within",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("source", "record"), ("target", "record"), ("used", "numeric"), ("paid", "numeric")],
                func=_WITHIN,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payment_id or self.credit_id} > {self.statement_id}: {self.amount}"


@audited()
class RentReminder(models.Model):
    """That a company was asked for a statement that is overdue: each level once, one after the other. `amount` is what
    was open then."""

    statement = models.ForeignKey(RentStatement, models.PROTECT, related_name="reminders")
    level = models.PositiveSmallIntegerField(_("level"), choices=ReminderLevel)
    amount = MoneyField(_("amount in yuan"), validators=[MinValueValidator(FEN)])
    sent_on = models.DateField(_("sent on"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("reminder of rent")
        verbose_name_plural = _("reminders of rent")
        ordering = ["statement", "level"]
        constraints = [
            models.CheckConstraint(
                condition=Q(level__in=ReminderLevel.values), name="%(app_label)s_%(class)s_level_known"
            ),
            _positive("amount"),
            models.UniqueConstraint(
                fields=["statement", "level"],
                name="%(app_label)s_%(class)s_once",
                violation_error_message=_("This was sent already."),
                violation_error_code="sent_already",
            ),
        ]
        triggers = [
            never_deleted(),
            pgtrigger.Protect(name="never_rewritten", operation=pgtrigger.Update),
            pgtrigger.Trigger(
                name="one_after_the_other",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("(NEW.level > 1)"),
                func="""
                    IF NOT EXISTS (
                        SELECT FROM subsidies_rentreminder
                        WHERE statement_id = NEW.statement_id AND level = NEW.level - 1
                    ) THEN
                        RAISE EXCEPTION 'a level follows the one before'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_rentreminder_in_turn';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.level}"
