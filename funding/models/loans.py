"""Bank loans and what was paid back of them. No more is ever paid back than was lent; the database sees to it."""

from decimal import Decimal

import pgtrigger
from django.contrib.postgres.functions import RandomUUID
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import calendar_day, never_deleted, number_field, number_form, void_has_reason, within
from core.money import FEN, MOST_YUAN, MoneyField
from core.records import Voidable
from funding.querysets import LoanQuerySet, RepaymentQuerySet

MOST_PERCENT = 100


def within_loan(name: str, operation: pgtrigger.Operation) -> pgtrigger.Trigger:
    """Repayments stay within the loan's principal and follow its drawdown. Once a statement, not once a row.

    The loans' rows are locked first: of two who repay the same loan, or repay it and change it, the later one waits,
    and reads what the earlier one has committed meanwhile.
    """
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        operation=operation,
        when=pgtrigger.After,
        referencing=pgtrigger.Referencing(new="new_values"),
        declare=[("beyond", "record")],
        func="""
            PERFORM FROM funding_loan
                WHERE id IN (SELECT loan_id FROM new_values WHERE voided_at IS NULL) ORDER BY id FOR NO KEY UPDATE;
            SELECT loan.number, loan.drawn_on, repayment.paid_on INTO beyond
                FROM new_values repayment JOIN funding_loan loan ON loan.id = repayment.loan_id
                WHERE repayment.voided_at IS NULL AND repayment.paid_on < loan.drawn_on LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'loan %: paid back on %, before it was drawn on %',
                    beyond.number, beyond.paid_on, beyond.drawn_on
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'funding_repayment_after_drawdown';
            END IF;
            SELECT loan.number, loan.principal, sum(repayment.principal) AS repaid INTO beyond
                FROM funding_loan loan JOIN funding_repayment repayment ON repayment.loan_id = loan.id
                WHERE repayment.voided_at IS NULL AND loan.id IN (SELECT loan_id FROM new_values)
                GROUP BY loan.id HAVING sum(repayment.principal) > loan.principal LIMIT 1;
            IF FOUND THEN
                RAISE EXCEPTION 'loan %: % paid back, but only % lent', beyond.number, beyond.repaid, beyond.principal
                    USING ERRCODE = 'check_violation', CONSTRAINT = 'funding_repayment_within_principal';
            END IF;
            RETURN NULL;
        """,
    )


@audited()
class Loan(Voidable):
    """What a bank lent a company: yuan at a yearly rate in percent (four decimals).

    Interest runs from the day of drawdown, included, to the day on which the loan is due, not included; without one
    it has no end yet.
    """

    number = number_field(_("loan"), taken=_("There is a loan with this number already."))
    company = models.ForeignKey(Company, models.PROTECT, related_name="loans", verbose_name=_("company"))
    bank = models.CharField(_("bank"), max_length=120)
    principal = MoneyField(_("principal in yuan"), validators=[MinValueValidator(FEN), MaxValueValidator(MOST_YUAN)])
    annual_rate_percent = models.DecimalField(
        _("yearly rate in percent"),
        max_digits=7,
        decimal_places=4,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_PERCENT)],
    )
    drawn_on = models.DateField(_("drawn on"))
    due_on = models.DateField(_("due on"), null=True, blank=True)

    objects = LoanQuerySet.as_manager()

    class Meta:
        verbose_name = _("loan")
        verbose_name_plural = _("loans")
        ordering = ["drawn_on", "number"]
        constraints = [
            number_form("number"),
            within("principal", FEN, MOST_YUAN, _("The principal is more than 0 and at most ¥10,000,000,000.")),
            within("annual_rate_percent", 0, MOST_PERCENT, _("The yearly rate lies between 0 and 100 percent.")),
            calendar_day("drawn_on"),
            calendar_day("due_on"),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(due_on__gt=F("drawn_on")),
                name="%(app_label)s_%(class)s_due_after_drawn",
                violation_error_message=_("A loan is due after the day on which it was drawn."),
            ),
            void_has_reason(),
        ]
        indexes = [models.Index(fields=["company"], condition=Q(voided_at=None), name="funding_loan_company_valid")]
        triggers = [
            never_deleted(),
            *never_of_merged(),
            pgtrigger.Trigger(
                name="covers_repayments",
                operation=pgtrigger.UpdateOf("principal", "drawn_on"),
                when=pgtrigger.Before,
                condition=pgtrigger.Condition("NEW.principal < OLD.principal OR NEW.drawn_on > OLD.drawn_on"),
                declare=[("repaid", "record")],
                func="""
                    SELECT sum(principal) AS total, min(paid_on) AS since INTO repaid
                        FROM funding_repayment WHERE loan_id = NEW.id AND voided_at IS NULL;
                    IF repaid.total > NEW.principal THEN
                        RAISE EXCEPTION 'loan %: % was paid back already', NEW.number, repaid.total
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'funding_loan_covers_repayments';
                    END IF;
                    IF repaid.since < NEW.drawn_on THEN
                        RAISE EXCEPTION 'loan %: paid back since % already', NEW.number, repaid.since
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'funding_loan_precedes_repayments';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def repaid(self) -> Decimal:
        """What was paid back, in yuan."""
        return sum((one.principal for one in self.repayments.valid()), Decimal(0))


@audited()
class Repayment(Voidable):
    """What was paid back of a loan's principal on a day: the balance is lower from this day on, itself included."""

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    loan = models.ForeignKey(Loan, models.PROTECT, related_name="repayments", verbose_name=_("loan"))
    paid_on = models.DateField(_("paid on"))
    principal = MoneyField(
        _("principal paid back in yuan"), validators=[MinValueValidator(FEN), MaxValueValidator(MOST_YUAN)]
    )

    objects = RepaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("repayment")
        verbose_name_plural = _("repayments")
        ordering = ["loan", "paid_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["loan", "paid_on"],
                condition=Q(voided_at=None),
                name="%(app_label)s_%(class)s_once_a_day",
                violation_error_message=_("A repayment of this day is on record already: change that one."),
                violation_error_code="repaid_already",
            ),
            within("principal", FEN, MOST_YUAN, _("A repayment is more than 0 and at most ¥10,000,000,000.")),
            calendar_day("paid_on"),
            void_has_reason(),
        ]
        triggers = [
            never_deleted(),
            within_loan("within_loan_insert", pgtrigger.Insert),
            within_loan("within_loan_update", pgtrigger.Update),
        ]

    def __str__(self) -> str:
        return f"{self.loan} {self.paid_on}"
