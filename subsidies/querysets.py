"""How versions, decisions and statements are read: who may see what, and what is in force on a day."""

import datetime as dt
from decimal import Decimal
from typing import Any, Self, TypeAlias

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import StaffRole, User
from companies.querysets import OfCompanies, RecordsOfCompanies
from subsidies.choices import GRANTED, HOLDING, OTHER_PART, EntryKind, GrantState, Point, PolicyState

Viewer: TypeAlias = User | AnonymousUser


# Who of the staff reads versions of the policy that are not published.
READS_DRAFTS = frozenset(
    {StaffRole.POLICY_EDITOR, StaffRole.APPROVER, StaffRole.TREASURER, StaffRole.OFFICER, StaffRole.AUDITOR}
)


class PolicyVersionQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Viewer) -> Self:
        """What was published is open to everybody; drafts to the staff who have to do with them."""
        if user.is_authenticated and user.has_role(*READS_DRAFTS):
            return self
        return self.filter(state=PolicyState.PUBLISHED)

    def published(self) -> "PolicyVersionQuerySet":
        """All versions that are or were law; superseded ones still govern the days they were in force on."""
        return self.filter(state=PolicyState.PUBLISHED)

    def in_force_on(self, day: dt.date) -> "PolicyVersionQuerySet":
        """At most one: the newest published version that was effective on the day."""
        return self.published().filter(effective_from__lte=day).order_by("-effective_from", "-published_at")[:1]

    def with_ends(self) -> "PolicyVersionQuerySet":
        """Each with `replaced_on`, the first day of the next published version (None: there is none)."""
        later = self.model.objects.published().filter(
            policy=OuterRef("policy"), effective_from__gt=OuterRef("effective_from")
        )
        return self.annotate(replaced_on=Subquery(later.order_by("effective_from").values("effective_from")[:1]))


class DecisionQuerySet(OfCompanies):
    def in_force(self) -> "DecisionQuerySet":
        """The decisions that are not superseded: one a company and point."""
        return self.filter(superseded_at=None)


class RentStatementQuerySet(OfCompanies):
    pass


class GrantQuerySet(OfCompanies):
    def granted(self) -> "GrantQuerySet":
        """Grants that give something: approved or paid."""
        return self.filter(state__in=GRANTED)

    def holding(self) -> "GrantQuerySet":
        """Grants that hold their items: granted ones, and those that are proposed."""
        return self.filter(state__in=HOLDING)

    def family_of(self, grant: Any) -> "GrantQuerySet":
        """A grant and its supplements, the newest first, for whichever of them is given."""
        first = grant.supplement_to_id or grant.pk
        return self.filter(Q(pk=first) | Q(supplement_to=first)).order_by("-pk")

    def to_supplement(self) -> "GrantQuerySet":
        """Grants for whose items more is due than was given, and nobody has proposed it yet."""
        waiting = self.model.objects.filter(
            company=OuterRef("company"), point=OuterRef("point"), part=OuterRef("part"), state=GrantState.PROPOSED
        )
        return self.granted().filter(~Exists(waiting), more_due__gt=0)


class GrantItemQuerySet(OfCompanies):
    company_path = "grant__company"


class GrantedContractQuerySet(OfCompanies):
    def of_contract(self, expense: Any, reference: Any) -> "GrantedContractQuerySet":
        """What grants hold of the contract or invoice with the number `reference` that a cost names, none where it
        names none: in any company's file with the same supplier, and in the file of its own company where one of the
        two names none. Of the other kind of voucher its own company may have it."""
        own = Q(company=expense.company_id)
        if expense.supplier_id is not None:
            own = Q(supplier=expense.supplier_id) | (own & Q(supplier=None))
        found = self.filter(own, held=True, reference=reference).exclude(reference="")
        other = OTHER_PART.get(expense.kind) if expense.point == Point.AI_VOUCHERS else None
        return found.exclude(company=expense.company_id, part=other) if other else found


class LedgerQuerySet(OfCompanies):
    pass


class RecoveryQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Viewer) -> "RecoveryQuerySet":
        """Staff see all, founders those of the companies they are a member of, everybody else none."""
        if not user.is_authenticated:
            return self.none()
        return self if user.is_staff_member else self.of_companies(user.memberships.values("company"))

    def of_companies(self, companies: Any) -> "RecoveryQuerySet":
        """Those about a grant or an interest statement of one of the `companies`."""
        return self.filter(Q(grant__company__in=companies) | Q(statement__company__in=companies))

    def with_companies(self) -> "RecoveryQuerySet":
        """With what they are about and its company, in the same query."""
        return self.select_related("grant__company", "statement__company")


class BudgetQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "Viewer") -> "BudgetQuerySet":
        """Staff see the budgets, nobody else does."""
        return self if user.is_authenticated and user.is_staff_member else self.none()

    def with_paid(self) -> "BudgetQuerySet":
        """With `paid` and `recovered`, what the ledger says of the point and year."""
        entries = apps.get_model("subsidies", "LedgerEntry").objects
        return self.annotate(
            **{
                name: Coalesce(Subquery(_sum_of(entries, kind)), Decimal(0), output_field=models.DecimalField())
                for name, kind in (("paid", EntryKind.PAYMENT), ("recovered", EntryKind.RECOVERY))
            }
        )


def _sum_of(entries: Any, kind: EntryKind) -> Any:
    own = entries.filter(kind=kind, point=OuterRef("point"), year=OuterRef("year")).order_by()
    return own.values("point").annotate(total=Sum("amount")).values("total")


class InterestStatementQuerySet(OfCompanies):
    pass


class ExpenseQuerySet(RecordsOfCompanies):
    pass


class SupplierQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: Viewer) -> "SupplierQuerySet":
        """Staff see all suppliers; founders those that the zone ever admitted and those that their costs name."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member:
            return self
        named = self.model._meta.get_field("expenses").related_model.objects.visible_to(user).values("supplier")
        return self.filter(Q(admission__isnull=False) | Q(pk__in=named))

    def admitted_on(self, day: dt.date) -> "SupplierQuerySet":
        """Suppliers whose admission holds the day; an admission always has a first day."""
        return self.filter(admission__contains=day)
