"""What a company has to pay back after a fact was corrected: of a grant that was paid, or of interest support that was
issued for earlier months.

A recovery of interest is what an issued statement is below 0. Such a statement never changes, so that the amount stands
from the first day, and the months and reasons are read from its adjustments.
"""

import pgtrigger
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from core.audit import audited
from core.constraints import never_deleted
from core.money import FEN, MoneyField
from subsidies.choices import RecoveryState
from subsidies.models.grants import Grant, differs
from subsidies.models.interest import InterestStatement
from subsidies.querysets import RecoveryQuerySet

UNSETTLED = (RecoveryState.OPEN, RecoveryState.CONFIRMED)


@audited()
class Recovery(models.Model):
    """About a grant, or about an interest `statement`. An approver confirms it, the treasurer settles it.

    Of a grant, the portal works out an open one again while its facts change, until it is confirmed; `opened_by` is
    None where the portal found it, and `arithmetic` is what the grant was reckoned with before and now. Of interest,
    `opened_by` is who issued the statement (None for those issued before there were recoveries of interest), and
    `reason` and `arithmetic` are empty: the statement says both.
    """

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    grant = models.ForeignKey(
        Grant, models.PROTECT, null=True, blank=True, related_name="recoveries", verbose_name=_("grant")
    )
    statement = models.OneToOneField(
        InterestStatement, models.PROTECT, null=True, blank=True, related_name="recovery",
        verbose_name=_("interest statement"),
    )  # fmt: skip
    amount = MoneyField(_("amount in yuan"), validators=[MinValueValidator(FEN)])
    state = models.CharField(_("state"), max_length=10, choices=RecoveryState, default=RecoveryState.OPEN)
    reason = models.TextField(_("reason"), blank=True)
    arithmetic = models.JSONField(default=dict, blank=True)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="recoveries_opened"
    )
    opened_at = models.DateTimeField(auto_now_add=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="recoveries_confirmed"
    )
    confirmed_at = models.DateTimeField(null=True, blank=True)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="recoveries_settled"
    )
    settled_on = models.DateField(_("settled on"), null=True, blank=True)

    objects = RecoveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("recovery")
        verbose_name_plural = _("recoveries")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="%(app_label)s_%(class)s_above_nothing"),
            models.CheckConstraint(
                condition=Q(grant__isnull=False, statement=None) | Q(grant=None, statement__isnull=False),
                name="%(app_label)s_%(class)s_about_one",
            ),
            models.CheckConstraint(
                condition=Q(statement=None) & ~Q(reason="") | Q(grant=None, reason="", arithmetic={}),
                name="%(app_label)s_%(class)s_reason",
            ),
            models.CheckConstraint(
                condition=Q(statement=None) | ~Q(state="dropped"), name="%(app_label)s_%(class)s_interest_stays"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["open", "dropped"]) | Q(confirmed_by__isnull=False, confirmed_at__isnull=False),
                name="%(app_label)s_%(class)s_confirmed_by",
            ),
            models.CheckConstraint(
                condition=~Q(state="settled") | Q(settled_by__isnull=False, settled_on__isnull=False),
                name="%(app_label)s_%(class)s_settled_by",
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by=None) | Q(opened_by=None) | ~Q(confirmed_by=F("opened_by")),
                name="%(app_label)s_%(class)s_four_eyes",
                violation_error_message=_("Whoever opened a recovery does not confirm it: another person does."),
                violation_error_code="four_eyes",
            ),
            models.UniqueConstraint(
                fields=["grant"],
                condition=Q(state__in=UNSETTLED),
                name="%(app_label)s_%(class)s_one_unsettled",
                violation_error_message=_("A recovery of this grant is under way already."),
                violation_error_code="recovered_already",
            ),
        ]
        triggers = [
            never_deleted(),
            pgtrigger.FSM(
                name="state_by_state",
                field="state",
                transitions=[("open", "confirmed"), ("open", "dropped"), ("confirmed", "settled")],
            ),
            pgtrigger.Protect(
                name="stands_when_confirmed",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    f"({differs('grant_id', 'statement_id', 'amount', 'reason', 'arithmetic')}"
                    " AND (OLD.state <> 'open' OR OLD.statement_id IS NOT NULL))"
                ),
            ),
            pgtrigger.Trigger(
                name="of_its_statement",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.statement_id IS NOT NULL"),
                func="""
                    IF NOT EXISTS (
                        SELECT FROM subsidies_intereststatement
                        WHERE id = NEW.statement_id AND state = 'issued' AND payable = -NEW.amount
                    ) THEN
                        RAISE EXCEPTION 'a recovery of interest is what an issued statement is below 0'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_recovery_of_statement';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.amount} {self.state}"

    @property
    def about(self) -> Grant | InterestStatement:
        """What it asks a part of back."""
        found = self.grant or self.statement
        if found is None:
            raise ValueError("a recovery is about a grant or about an interest statement")
        return found

    @property
    def company(self) -> Company:
        return self.about.company

    @property
    def name(self) -> str:
        """The number of the grant, or the month of the interest statement."""
        return f"{self.statement.month:%Y-%m}" if self.statement else str(self.about)
