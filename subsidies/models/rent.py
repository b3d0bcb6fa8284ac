"""Rent statements: one a company and month, with a line for each lease and the arithmetic shown.

An open statement is computed again whenever its facts change; an issued one is never edited: differences that come
to light later are adjustments in the open month. The database refuses edits of what was issued.
"""

import datetime as dt
from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from core.audit import audited
from core.money import MoneyField
from core.periods import DAY
from spaces.models import Lease
from subsidies.choices import Point, RentState, StatementState
from subsidies.models.statements import MONTH_STARTS, issued_stays, keeps_budget, only_while_open, reasons_of
from subsidies.querysets import RentStatementQuerySet
from subsidies.statement_numbers import number_of


@audited(exclude=["fingerprint"])
class RentStatement(models.Model):
    """What a company owes for a month: rent, relief and what is left to pay, adjustments included in `payable`.

    `fingerprint` is a hash of all lines and adjustments: while it stays, nothing is written.
    """

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="rent_statements")
    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=8, choices=StatementState, default=StatementState.OPEN)
    rent = MoneyField(_("rent"))
    waived = MoneyField(_("relief"))
    adjustment = MoneyField(_("adjustment"), signed=True, default=0)
    payable = MoneyField(_("payable"), signed=True)
    fingerprint = models.BigIntegerField(default=0, editable=False)
    computed_at = models.DateTimeField(auto_now=True)
    issued_at = models.DateTimeField(null=True, blank=True)

    objects = RentStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("rent statement")
        ordering = ["-month", "company"]
        constraints = [
            models.UniqueConstraint(fields=["company", "month"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(condition=MONTH_STARTS, name="%(app_label)s_%(class)s_month_starts"),
            models.CheckConstraint(
                condition=Q(payable=F("rent") - F("waived") + F("adjustment")),
                name="%(app_label)s_%(class)s_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(waived__gte=0) & Q(waived__lte=F("rent")), name="%(app_label)s_%(class)s_waived_bounds"
            ),
            models.CheckConstraint(
                condition=Q(state="open", issued_at=None) | Q(state="issued", issued_at__isnull=False),
                name="%(app_label)s_%(class)s_issued_at",
            ),
        ]
        # The months that are billed, those that are closed, and the list of a month.
        indexes = [models.Index(fields=["month", "state"], name="subsidies_statement_month")]
        triggers = [
            *issued_stays(),
            keeps_budget(
                "subsidies_rentstatement", point=Point.RENT_WAIVER, adjustment="subsidies_rentadjustment",
                granted="waived",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.company_id} {self.month:%Y-%m}"

    @property
    def number(self) -> str:
        """What whoever pays it names to the bank."""
        return number_of(self.pk, self.month)

    @property
    def due_on(self) -> dt.date | None:
        """The last day to pay it; None while it is open."""
        if self.issued_at is None:
            return None
        return timezone.localtime(self.issued_at).date() + settings.RENT_DUE_DAYS * DAY

    @property
    def paid(self) -> Decimal:
        """What payments and credits pay of it; of one that was read `with_paid` without a query."""
        known = getattr(self, "paid_amount", None)
        return self.allotments.standing().total() if known is None else known

    @property
    def owed(self) -> Decimal:
        """What is left to pay; nothing while it is open, or where it is below 0."""
        return max(self.payable - self.paid, Decimal(0)) if self.state == StatementState.ISSUED else Decimal(0)

    @property
    def credit(self) -> Decimal:
        """What of an issued statement below 0 is left for the company."""
        if self.state != StatementState.ISSUED or self.payable >= 0:
            return Decimal(0)
        known = getattr(self, "given_amount", None)
        return -self.payable - (self.given.standing().total() if known is None else known)

    @property
    def standing(self) -> RentState:
        """How far it is: open, issued, or settled once it is paid in full."""
        if self.state == StatementState.OPEN:
            return RentState.OPEN
        return RentState.ISSUED if self.owed else RentState.SETTLED


class RentLine(models.Model):
    """One lease in one month. `segments` is the arithmetic: runs of days with the same area, price and relief."""

    statement = models.ForeignKey(RentStatement, models.CASCADE, related_name="lines")
    lease = models.ForeignKey(Lease, models.PROTECT, related_name="rent_lines")
    days = models.PositiveSmallIntegerField(_("days"))
    waived_days = models.PositiveSmallIntegerField(_("days with relief"))
    rent = MoneyField(_("rent"))
    waived = MoneyField(_("relief"))
    payable = MoneyField(_("payable"))
    segments = models.JSONField(default=list)
    missing = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["statement", "lease__number"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "lease"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(payable=F("rent") - F("waived")), name="%(app_label)s_%(class)s_adds_up"
            ),
            models.CheckConstraint(condition=Q(waived_days__lte=F("days")), name="%(app_label)s_%(class)s_days_bounds"),
        ]
        triggers = only_while_open("subsidies_rentstatement", "an issued rent statement is never edited")

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.lease_id}"


class RentAdjustment(models.Model):
    """The difference that a later correction makes to an issued month, posted in the open month with the reason."""

    statement = models.ForeignKey(RentStatement, models.CASCADE, related_name="adjustments")
    lease = models.ForeignKey(Lease, models.PROTECT, related_name="rent_adjustments")
    month = models.DateField(_("month that it corrects"))
    rent = MoneyField(_("rent"), signed=True)
    waived = MoneyField(_("relief"), signed=True)
    payable = MoneyField(_("payable"), signed=True)
    reason = models.TextField(_("reason"))  # codes of AdjustmentReason, `;` between
    segments = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["statement", "month", "lease__number"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "lease", "month"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(
                condition=Q(payable=F("rent") - F("waived")), name="%(app_label)s_%(class)s_adds_up"
            ),
            models.CheckConstraint(condition=MONTH_STARTS, name="%(app_label)s_%(class)s_month_starts"),
        ]
        triggers = only_while_open("subsidies_rentstatement", "an issued rent statement is never edited")

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.month:%Y-%m} {self.payable}"

    @property
    def reasons(self) -> list[str]:
        """What changed, in the reader's language."""
        return reasons_of(self.reason)
