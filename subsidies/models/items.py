"""What a grant holds while it is proposed, approved or paid: costs, talents and projects, and the contracts of these
costs. The database lets no other grant hold them too."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeOperators
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from community.models import Talent
from companies.models import Company
from core.audit import audited
from core.constraints import never_deleted
from core.money import MoneyField
from funding.models import Project
from subsidies.choices import GrantPart
from subsidies.models.costs import Expense, Supplier
from subsidies.models.grants import Grant
from subsidies.models.references import AnyPart, AnySupplier, Spelling, spelling_of
from subsidies.querysets import GrantedContractQuerySet, GrantItemQuerySet


def _held_by_grant() -> list[pgtrigger.Trigger]:
    """Rows of a grant are there from its proposal on and stay as they are; `held` follows the grant's state."""
    return [
        never_deleted(),
        pgtrigger.Protect(
            name="never_edited", operation=pgtrigger.Update, condition=pgtrigger.Condition("pg_trigger_depth() = 0")
        ),
    ]


@audited(exclude=["held"])
class GrantItem(models.Model):
    """One thing that a grant rests on: a cost, a talent or a project. `worth` is what it counts with, before shares and
    maxima; `seen` what was on record about it when the grant was proposed. A `supplement` holds what the grant that it
    supplements holds, and nothing else: the database sets the mark."""

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="items")
    expense = models.ForeignKey(Expense, models.PROTECT, null=True, blank=True, related_name="grant_items")
    talent = models.ForeignKey(Talent, models.PROTECT, null=True, blank=True, related_name="grant_items")
    project = models.ForeignKey(Project, models.PROTECT, null=True, blank=True, related_name="grant_items")
    worth = MoneyField(_("counts with"))
    seen = models.JSONField(default=dict)
    held = models.BooleanField(default=True, editable=False)
    supplement = models.BooleanField(default=False, editable=False)

    objects = GrantItemQuerySet.as_manager()

    class Meta:
        ordering = ["grant", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expense__isnull=False, talent=None, project=None)
                | Q(expense=None, talent__isnull=False, project=None)
                | Q(expense=None, talent=None, project__isnull=False),
                name="%(app_label)s_%(class)s_one_thing",
            ),
            *(
                models.UniqueConstraint(
                    fields=[name],
                    condition=Q(held=True, supplement=False),
                    name=f"%(app_label)s_%(class)s_{name}_once",
                )
                for name in ("expense", "talent", "project")
            ),
            *(
                models.UniqueConstraint(
                    fields=["grant", name],
                    condition=Q(supplement=True),
                    name=f"%(app_label)s_%(class)s_{name}_supplement",
                )
                for name in ("expense", "talent", "project")
            ),
        ]
        triggers = [
            *_held_by_grant(),
            pgtrigger.Trigger(
                name="of_its_company",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                declare=[("holder", "record")],
                func="""
                    PERFORM FROM subsidies_expense WHERE id = NEW.expense_id FOR SHARE;
                    SELECT company_id, state, supplement_to_id INTO holder FROM subsidies_grant
                        WHERE id = NEW.grant_id FOR SHARE;
                    IF holder.state <> 'proposed' OR NOT NEW.held THEN
                        RAISE EXCEPTION 'the items of a grant are those that it was proposed with'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_grantitem_proposed';
                    END IF;
                    IF holder.company_id NOT IN (
                        SELECT company_id FROM subsidies_expense WHERE id = NEW.expense_id
                        UNION ALL SELECT company_id FROM community_talent WHERE id = NEW.talent_id
                        UNION ALL SELECT company_id FROM funding_project WHERE id = NEW.project_id
                    ) THEN
                        RAISE EXCEPTION 'an item of another company'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_grantitem_company';
                    END IF;
                    NEW.supplement := holder.supplement_to_id IS NOT NULL;
                    IF NEW.supplement AND NOT EXISTS (
                        SELECT FROM subsidies_grantitem first WHERE first.grant_id = holder.supplement_to_id
                            AND (first.expense_id, first.talent_id, first.project_id)
                                IS NOT DISTINCT FROM (NEW.expense_id, NEW.talent_id, NEW.project_id)
                    ) THEN
                        RAISE EXCEPTION 'a supplement is for the items of its grant'
                            USING ERRCODE = 'check_violation', CONSTRAINT = 'subsidies_grantitem_of_first';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="claims_its_contract",
                operation=pgtrigger.Insert,
                when=pgtrigger.After,
                condition=pgtrigger.Condition("NEW.expense_id IS NOT NULL AND NOT NEW.supplement"),
                func="""
                    INSERT INTO subsidies_grantedcontract (grant_id, company_id, supplier_id, contract, part, held)
                    SELECT NEW.grant_id, cost.company_id, cost.supplier_id, cost.contract, holder.part, true
                    FROM subsidies_expense cost JOIN subsidies_grant holder ON holder.id = NEW.grant_id
                    WHERE cost.id = NEW.expense_id AND cost.reference <> '' AND NOT EXISTS (
                        SELECT FROM subsidies_grantedcontract held
                        WHERE held.held AND held.grant_id = NEW.grant_id AND held.reference = cost.reference
                              AND held.supplier_id IS NOT DISTINCT FROM cost.supplier_id
                    );
                    RETURN NULL;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.grant_id}: {self.expense_id or self.talent_id or self.project_id}"

    @property
    def thing(self) -> Expense | Talent | Project | None:
        """The cost, talent or project: one of the three, as the database sees to."""
        return self.expense or self.talent or self.project


class GrantedContract(models.Model):
    """A contract or invoice that a grant holds: it is subsidised once over all points and companies. Instalments of it
    may share one grant, and a contract over models and computing power has two grants of its company: one for each kind
    of voucher (`part`), which are always granted apart.

    It is known by its supplier and its number, in whichever company's file. Where no supplier is named it is known in
    the file of its own company alone, and there it may be the contract of that number with any supplier: suppliers of
    two companies number alike, one company seldom has two papers of one number. Rows are written by triggers alone,
    when a cost comes into a grant, and when what it says of its contract is changed.
    """

    grant = models.ForeignKey(Grant, models.PROTECT, related_name="contracts")
    company = models.ForeignKey(Company, models.PROTECT, related_name="granted_contracts")
    supplier = models.ForeignKey(Supplier, models.PROTECT, null=True, blank=True, related_name="granted_contracts")
    contract = models.CharField(max_length=120)
    part = models.CharField(max_length=8, choices=GrantPart, blank=True, editable=False)
    reference = models.GeneratedField(
        expression=Spelling("contract"), output_field=models.TextField(), db_persist=True, editable=False
    )
    held = models.BooleanField(default=True, editable=False)

    objects = GrantedContractQuerySet.as_manager()

    class Meta:
        ordering = ["grant", "pk"]
        constraints = [
            # Proposals wait for each other (`services.grants.numbering`): two that violate it at once are not blocked.
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_once",
                expressions=[
                    ("supplier", RangeOperators.EQUAL),
                    ("reference", RangeOperators.EQUAL),
                    ("company", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(held=True, supplier__isnull=False),
            ),
            ExclusionConstraint(
                name="%(app_label)s_%(class)s_company_once",
                expressions=[
                    ("company", RangeOperators.EQUAL),
                    ("reference", RangeOperators.EQUAL),
                    (AnySupplier("supplier"), RangeOperators.OVERLAPS),
                    (AnyPart("part"), RangeOperators.OVERLAPS),
                    ("grant", RangeOperators.NOT_EQUAL),
                ],
                condition=Q(held=True),
            ),
            models.CheckConstraint(condition=~Q(contract=""), name="%(app_label)s_%(class)s_named"),
        ]
        triggers = _held_by_grant()

    def __str__(self) -> str:
        return f"{self.grant_id}: {self.contract}"


def held_elsewhere(expense: Expense) -> GrantedContract | None:
    """The claim of a grant, other than the one that holds the cost itself, on the contract or invoice that the cost
    names; of several that of its own company."""
    found = GrantedContract.objects.of_contract(expense, spelling_of(expense.contract)).select_related("grant__company")
    others = found.exclude(grant__items__expense=expense)
    return min(others, key=lambda claim: (claim.company_id != expense.company_id, claim.pk), default=None)
