"""Interest statements: what the zone pays towards a company's bank interest of a month, a line for each loan.

They live by the rules of rent statements: computed again while they are open, issued with the rent of the month, and
never edited afterwards.
"""

from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from core.audit import audited
from core.money import MoneyField
from funding.models import Loan
from subsidies.choices import Point, StatementState
from subsidies.models.statements import MONTH_STARTS, issued_stays, keeps_budget, only_while_open, reasons_of
from subsidies.querysets import InterestStatementQuerySet

_TABLE, _REFUSAL = "subsidies_intereststatement", "an issued interest statement is never edited"


@audited(exclude=["fingerprint"])
class InterestStatement(models.Model):
    """The interest support of a company and month, and what is paid out, adjustments of earlier months included.

    `fingerprint` is a hash of all lines and adjustments: while it stays, nothing is written.
    """

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    company = models.ForeignKey(Company, models.PROTECT, related_name="interest_statements")
    month = models.DateField(_("month"))
    state = models.CharField(_("state"), max_length=8, choices=StatementState, default=StatementState.OPEN)
    supported = MoneyField(_("interest support"))
    adjustment = MoneyField(_("adjustment"), signed=True, default=0)
    payable = MoneyField(_("to be paid out"), signed=True)
    fingerprint = models.BigIntegerField(default=0, editable=False)
    computed_at = models.DateTimeField(auto_now=True)
    issued_at = models.DateTimeField(null=True, blank=True)

    objects = InterestStatementQuerySet.as_manager()

    class Meta:
        verbose_name = _("interest statement")
        ordering = ["-month", "company"]
        constraints = [
            models.UniqueConstraint(fields=["company", "month"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(condition=MONTH_STARTS, name="%(app_label)s_%(class)s_month_starts"),
            models.CheckConstraint(
                condition=Q(payable=F("supported") + F("adjustment")), name="%(app_label)s_%(class)s_adds_up"
            ),
            models.CheckConstraint(condition=Q(supported__gte=0), name="%(app_label)s_%(class)s_supported_bounds"),
            models.CheckConstraint(
                condition=Q(state="open", issued_at=None) | Q(state="issued", issued_at__isnull=False),
                name="%(app_label)s_%(class)s_issued_at",
            ),
        ]
        indexes = [models.Index(fields=["month", "state"], name="subsidies_interest_month")]
        triggers = [
            *issued_stays(),
            keeps_budget(
                _TABLE, point=Point.LOAN_INTEREST, adjustment="subsidies_interestadjustment", granted="supported"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.company_id} {self.month:%Y-%m}"


class InterestLine(models.Model):
    """One loan in one month. `days` are those on which something was owed; `segments` is the arithmetic: runs of days
    with the same balance, rate and support."""

    statement = models.ForeignKey(InterestStatement, models.CASCADE, related_name="lines")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="interest_lines")
    days = models.PositiveSmallIntegerField(_("days"))
    supported_days = models.PositiveSmallIntegerField(_("days with support"))
    supported = MoneyField(_("interest support"))
    segments = models.JSONField(default=list)
    missing = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["statement", "loan__number"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "loan"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(condition=Q(supported__gte=0), name="%(app_label)s_%(class)s_supported_bounds"),
            models.CheckConstraint(
                condition=Q(supported_days__lte=F("days")), name="%(app_label)s_%(class)s_days_bounds"
            ),
        ]
        triggers = only_while_open(_TABLE, _REFUSAL)

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.loan_id}"


class InterestAdjustment(models.Model):
    """The difference that a later correction makes to an issued month, posted in the open month with the reason."""

    statement = models.ForeignKey(InterestStatement, models.CASCADE, related_name="adjustments")
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="interest_adjustments")
    month = models.DateField(_("month that it corrects"))
    supported = MoneyField(_("interest support"), signed=True)
    reason = models.TextField(_("reason"))  # codes of AdjustmentReason, `;` between
    segments = models.JSONField(default=list)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["statement", "month", "loan__number"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "loan", "month"], name="%(app_label)s_%(class)s_once"),
            models.CheckConstraint(condition=MONTH_STARTS, name="%(app_label)s_%(class)s_month_starts"),
        ]
        triggers = only_while_open(_TABLE, _REFUSAL)

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.month:%Y-%m} {self.supported}"

    @property
    def reasons(self) -> list[str]:
        """What changed, in the reader's language."""
        return reasons_of(self.reason)
