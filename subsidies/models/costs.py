"""What companies paid and ask the zone to share, and the suppliers whom they paid."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Deferrable, Q
from django.utils.translation import gettext_lazy as _

from companies.models import Company
from companies.models.guards import never_of_merged
from core.audit import audited
from core.constraints import (
    calendar_day,
    calendar_period,
    never_deleted,
    number_field,
    number_form,
    one_of,
    void_has_reason,
    within,
)
from core.locks import lock_for_transaction
from core.money import FEN, MOST_YUAN, MoneyField
from core.records import Voidable
from subsidies.choices import ExpenseKind, Point
from subsidies.models.references import AnyReference, AnySupplier, Spelling, spelling_of
from subsidies.querysets import ExpenseQuerySet, SupplierQuerySet

EQUAL, OVERLAPS = RangeOperators.EQUAL, RangeOperators.OVERLAPS


@audited()
class Supplier(models.Model):
    """Whom companies pay. `admission` is the period in which the zone admits it for vouchers, null while it does not;
    `company` is set where it stands in the register itself, so that related parties are known."""

    code = number_field(_("supplier"), taken=_("There is a supplier with this code already."))
    name = models.CharField(_("name"), max_length=200)
    company = models.ForeignKey(
        Company, models.PROTECT, null=True, blank=True, related_name="as_supplier", verbose_name=_("company")
    )
    admission = DateRangeField(_("admitted"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    objects = SupplierQuerySet.as_manager()

    class Meta:
        verbose_name = _("supplier")
        verbose_name_plural = _("suppliers")
        ordering = ["code"]
        constraints = [
            number_form("code"),
            calendar_period("admission", _("An admission lasts at least one day, between 1800 and 2199.")),
            models.CheckConstraint(
                condition=Q(admission=None) | Q(admission__startswith__isnull=False),
                name="%(app_label)s_%(class)s_admitted_from",
                violation_error_message=_("Say from which day on the supplier is admitted."),
            ),
        ]
        triggers = [never_deleted(), *never_of_merged()]

    def __str__(self) -> str:
        return self.code


@audited(exclude=["reference"])
class Expense(Voidable):
    """A cost that a company paid and puts forward for one of the eight points, once.

    The same payment under two numbers would be claimed twice: one of the same amount on the same day, unless both name
    a contract or invoice and these differ, or both name a supplier and these differ. What is not named tells nothing
    apart. `reference` is the contract or invoice in one spelling. `kind` says what a voucher is for, and is "" for
    every other point.
    """

    number = number_field(_("cost"), taken=_("There is a cost with this number already."))
    company = models.ForeignKey(Company, models.PROTECT, related_name="expenses", verbose_name=_("company"))
    point = models.CharField(_("point"), max_length=16, choices=Point)
    kind = models.CharField(_("kind"), max_length=13, choices=ExpenseKind, blank=True)
    supplier = models.ForeignKey(
        Supplier, models.PROTECT, null=True, blank=True, related_name="expenses", verbose_name=_("supplier")
    )
    contract = models.CharField(_("contract or invoice"), max_length=120, blank=True)
    reference = models.GeneratedField(
        expression=Spelling("contract"), output_field=models.TextField(), db_persist=True, editable=False
    )
    amount = MoneyField(_("amount in yuan"), validators=[MinValueValidator(FEN), MaxValueValidator(MOST_YUAN)])
    paid_on = models.DateField(_("paid on"))

    objects = ExpenseQuerySet.as_manager()

    class Meta:
        verbose_name = _("cost")
        verbose_name_plural = _("costs")
        ordering = ["-paid_on", "number"]
        constraints = [
            number_form("number"),
            one_of("point", Point.values),
            models.CheckConstraint(
                condition=Q(point=Point.AI_VOUCHERS, kind__in=ExpenseKind.values)
                | (~Q(point=Point.AI_VOUCHERS) & Q(kind="")),
                name="%(app_label)s_%(class)s_kind_of_voucher",
                violation_error_message=_("Say for vouchers, and only for them, what was paid for."),
            ),
            within("amount", FEN, MOST_YUAN, _("An amount is more than 0 and at most ¥10,000,000,000.")),
            calendar_day("paid_on"),
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_claimed_once",
                expressions=[
                    *((name, EQUAL) for name in ("company", "amount", "paid_on")),
                    (AnySupplier("supplier"), OVERLAPS),
                    (AnyReference("reference"), OVERLAPS),
                ],
                condition=Q(voided_at=None),
                deferrable=Deferrable.IMMEDIATE,
                violation_error_message=_("This payment is on record under another number already."),
                violation_error_code="claimed_twice",
            ),
            void_has_reason(),
        ]
        indexes = [
            models.Index(fields=["company", "paid_on"], condition=Q(voided_at=None), name="subsidies_expense_valid")
        ]
        triggers = [
            never_deleted(),
            *never_of_merged(),
            pgtrigger.Trigger(
                name="moves_its_contract",
                operation=pgtrigger.UpdateOf("supplier_id", "contract"),
                when=pgtrigger.After,
                condition=pgtrigger.Condition(
                    "((NEW.supplier_id, NEW.contract) IS DISTINCT FROM (OLD.supplier_id, OLD.contract))"
                ),
                func="""
                    UPDATE subsidies_grantedcontract held SET held = false
                    WHERE held.held AND held.grant_id IN (
                        SELECT grant_id FROM subsidies_grantitem WHERE expense_id = NEW.id AND held
                    ) AND NOT EXISTS (
                        SELECT FROM subsidies_grantitem item JOIN subsidies_expense cost ON cost.id = item.expense_id
                        WHERE item.grant_id = held.grant_id AND cost.reference = held.reference
                              AND cost.supplier_id IS NOT DISTINCT FROM held.supplier_id
                    );
                    INSERT INTO subsidies_grantedcontract (grant_id, company_id, supplier_id, contract, part, held)
                    SELECT item.grant_id, holder.company_id, NEW.supplier_id, NEW.contract, holder.part, true
                    FROM subsidies_grantitem item JOIN subsidies_grant holder ON holder.id = item.grant_id
                    WHERE item.expense_id = NEW.id AND item.held AND NOT item.supplement AND NEW.reference <> ''
                          AND NOT EXISTS (
                        SELECT FROM subsidies_grantedcontract held
                        WHERE held.held AND held.grant_id = item.grant_id AND held.reference = NEW.reference
                              AND held.supplier_id IS NOT DISTINCT FROM NEW.supplier_id
                    );
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return self.number


def hold_payments() -> None:
    """Wait for whoever enters payments at this moment, and keep others from it until the transaction ends: of two who
    enter the same one, the second is to be told of the first. The constraint alone would let them block each other."""
    lock_for_transaction("subsidies.payments")


def same_payment(expense: Expense) -> Expense | None:
    """The valid record of what may be the same payment under another number, if there is one."""
    same = {name: getattr(expense, name) for name in ("company", "amount", "paid_on")}
    found = Expense.objects.valid().filter(**same).exclude(pk=expense.pk)
    if expense.supplier_id is not None:
        found = found.filter(Q(supplier=None) | Q(supplier=expense.supplier_id))
    if expense.contract.strip():
        found = found.filter(Q(reference="") | Q(reference=spelling_of(expense.contract)))
    return found.order_by("number").first()
