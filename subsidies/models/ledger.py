"""The ledger, through which granted money moves, and the budgets that it keeps.

A line is written once and never changed. Its trigger keeps the sums of the grant and of the budget in the same
statement, and the checks on these sums are what no concurrency gets past: a budget is never overspent, no more is paid
than was committed, no more recovered than was paid, and a grant and its supplements together never hold more than the
newest of these says is due in all.

What is given by the month, rent relief and interest support, is committed by issuing its statements
(`statements.keeps_budget`), under the same checks.
"""

from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.contrib.postgres.functions import RandomUUID
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from core.audit import audited
from core.constraints import never_deleted, one_of
from core.money import MoneyField
from subsidies.choices import BILLED_POINTS, EntryKind, Point
from subsidies.models.grants import Grant, only_by_the_ledger
from subsidies.querysets import BudgetQuerySet, LedgerQuerySet


@audited(exclude=["committed"])
class Budget(models.Model):
    """What the zone has for a point in a calendar year, by the version of the policy in force, and what of it is
    committed."""

    public_id = models.UUIDField(db_default=RandomUUID(), unique=True, editable=False)
    point = models.CharField(_("point"), max_length=16, choices=Point)
    year = models.PositiveSmallIntegerField(_("year"))
    amount = MoneyField(_("budget"))
    committed = MoneyField(_("committed"), default=Decimal(0), editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = BudgetQuerySet.as_manager()

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        ordering = ["-year", "point"]
        constraints = [
            models.UniqueConstraint(fields=["point", "year"], name="%(app_label)s_%(class)s_once"),
            one_of("point", Point.values),
            models.CheckConstraint(
                condition=Q(committed__lte=F("amount"), committed__gte=0),
                name="%(app_label)s_%(class)s_not_overspent",
                violation_error_message=_("More than the budget would be committed."),
                violation_error_code="budget_exceeded",
            ),
        ]
        triggers = [never_deleted(), *only_by_the_ledger("committed")]

    def __str__(self) -> str:
        return f"{self.point} {self.year}"

    @property
    def left(self) -> Decimal:
        """What can still be committed."""
        return self.amount - self.committed

    @property
    def is_billed(self) -> bool:
        """What it holds is given by the month, when statements are issued, and not by grants."""
        return self.point in BILLED_POINTS


class LedgerEntry(models.Model):
    """One movement of a grant's money, always above 0. `by` is None where the portal corrected a commitment itself."""

    kind = models.CharField(_("kind"), max_length=10, choices=EntryKind)
    point = models.CharField(_("point"), max_length=16, choices=Point)
    year = models.PositiveSmallIntegerField(_("year"))
    company = models.ForeignKey(Company, models.PROTECT, related_name="ledger_entries")
    grant = models.ForeignKey(Grant, models.PROTECT, related_name="entries")
    amount = MoneyField(_("amount in yuan"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+")
    at = models.DateTimeField(db_default=Now())
    reason = models.TextField(_("reason"), blank=True)

    objects = LedgerQuerySet.as_manager()

    class Meta:
        verbose_name = _("ledger entry")
        verbose_name_plural = _("ledger entries")
        ordering = ["at", "pk"]
        constraints = [
            one_of("kind", EntryKind.values),
            models.CheckConstraint(condition=Q(amount__gt=0), name="%(app_label)s_%(class)s_above_nothing"),
        ]
        indexes = [models.Index(fields=["point", "year", "kind"], name="subsidies_ledger_budget")]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="keeps_sums",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("target", "record"), ("change", "numeric"), ("most", "numeric"), ("given", "numeric")],
                # The row of the grant that is supplemented first, then the grant's own, then the budget's: two who post
                # never wait for each other in a circle.
                func="""
                    PERFORM FROM subsidies_grant WHERE id = (
                        SELECT supplement_to_id FROM subsidies_grant WHERE id = NEW.grant_id
                    ) FOR NO KEY UPDATE;
                    SELECT point, year, company_id, coalesce(supplement_to_id, id) AS first INTO target
                        FROM subsidies_grant WHERE id = NEW.grant_id FOR NO KEY UPDATE;
                    IF (NEW.point, NEW.year, NEW.company_id) IS DISTINCT FROM
                       (target.point, target.year, target.company_id) THEN
                        RAISE EXCEPTION 'a ledger entry is of the point, year and company of its grant'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_ledgerentry_of_grant';
                    END IF;
                    IF NEW.kind = 'commitment' THEN
                        -- What the newest supplement says is due in all bounds the grant and its supplements together.
                        SELECT due_in_all INTO most FROM subsidies_grant
                            WHERE supplement_to_id = target.first AND state IN ('proposed', 'approved', 'paid')
                            ORDER BY id DESC LIMIT 1;
                        SELECT sum(committed - recovered) INTO given FROM subsidies_grant
                            WHERE id = target.first OR supplement_to_id = target.first;
                        IF given + NEW.amount > most THEN
                            RAISE EXCEPTION 'more than is due for the items of a grant in all'
                                USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_grant_supplemented_within';
                        END IF;
                    END IF;
                    change := CASE NEW.kind WHEN 'commitment' THEN NEW.amount WHEN 'release' THEN -NEW.amount
                                ELSE 0 END;
                    UPDATE subsidies_grant SET
                        committed = committed + change,
                        paid = paid + CASE NEW.kind WHEN 'payment' THEN NEW.amount ELSE 0 END,
                        recovered = recovered + CASE NEW.kind WHEN 'recovery' THEN NEW.amount ELSE 0 END
                        WHERE id = NEW.grant_id;
                    IF change <> 0 THEN
                        UPDATE subsidies_budget SET committed = committed + change
                            WHERE point = NEW.point AND year = NEW.year;
                        IF NOT FOUND THEN
                            RAISE EXCEPTION 'no budget for % in %', NEW.point, NEW.year
                                USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_ledgerentry_has_budget';
                        END IF;
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant_id}: {self.kind} {self.amount}"
