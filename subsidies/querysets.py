"""How versions, decisions and statements are read: who may see what, and what is in force on a day."""

import datetime as dt
from decimal import Decimal
from typing import Any, Self, TypeAlias

from django.apps import apps
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import StaffRole, User
from companies.querysets import OfCompanies, RecordsOfCompanies, companies_of
from subsidies.choices import (
    GRANTED,
    HOLDING,
    OTHER_PART,
    EntryKind,
    GrantState,
    PaymentState,
    Point,
    PolicyState,
    ProposalState,
    RentState,
    StatementState,
)

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
    def with_paid(self) -> "RentStatementQuerySet":
        """Each with `paid_amount`, what payments and credits pay of it, and `given_amount`, what of a credit (an issued
        statement below 0) pays others."""
        allotments = apps.get_model("subsidies", "RentAllotment").objects.standing()
        return self.annotate(
            **{
                name: Coalesce(Subquery(_total_of(allotments, field)), Decimal(0), output_field=models.DecimalField())
                for name, field in (("paid_amount", "statement"), ("given_amount", "credit"))
            }
        )

    def in_state(self, state: str) -> "RentStatementQuerySet":
        """Those that are open, issued and not paid in full, or settled (`RentState`)."""
        if state == RentState.OPEN:
            return self.filter(state=StatementState.OPEN)
        issued = self.filter(state=StatementState.ISSUED).with_paid()
        owed = Q(payable__gt=F("paid_amount"))
        return issued.filter(owed) if state == RentState.ISSUED else issued.exclude(owed)

    def owed(self) -> "RentStatementQuerySet":
        """Issued statements that are not paid in full, each with `open_amount`."""
        return self.in_state(RentState.ISSUED).annotate(
            open_amount=ExpressionWrapper(F("payable") - F("paid_amount"), output_field=models.DecimalField())
        )

    def credits(self) -> "RentStatementQuerySet":
        """Issued statements below 0 of which something is left for the company."""
        left = ExpressionWrapper(-F("payable") - F("given_amount"), output_field=models.DecimalField())
        issued = self.filter(state=StatementState.ISSUED, payable__lt=0)
        return issued.with_paid().annotate(left_amount=left).filter(left_amount__gt=0)


class PaymentQuerySet(OfCompanies):
    def standing(self) -> "PaymentQuerySet":
        """Payments that were not reversed."""
        return self.filter(reversed_at=None)

    def with_used(self) -> "PaymentQuerySet":
        """Each with `used_amount`, what of it pays statements."""
        allotments = apps.get_model("subsidies", "RentAllotment").objects.standing()
        used = Coalesce(Subquery(_total_of(allotments, "payment")), Decimal(0), output_field=models.DecimalField())
        return self.annotate(used_amount=used)

    def in_state(self, state: str) -> "PaymentQuerySet":
        """Those in a state (`PaymentState`)."""
        if state == PaymentState.REVERSED:
            return self.filter(reversed_at__isnull=False)
        known = self.standing().with_used()
        if state == PaymentState.UNMATCHED:
            return known.filter(used_amount=0)
        if state == PaymentState.LEFT:
            return known.filter(used_amount__gt=0, used_amount__lt=F("amount"))
        return known.filter(used_amount=F("amount"))

    def with_left(self) -> "PaymentQuerySet":
        """Standing payments of which something pays nothing yet."""
        return self.standing().with_used().filter(used_amount__lt=F("amount"))


class AllotmentQuerySet(models.QuerySet[Any]):
    def standing(self) -> "AllotmentQuerySet":
        """What was not taken back."""
        return self.filter(released_at=None)

    def total(self) -> Decimal:
        """Their sum in yuan."""
        found: Decimal = self.aggregate(total=Coalesce(Sum("amount"), Decimal(0)))["total"]
        return found


def _total_of(allotments: Any, field: str) -> Any:
    own = allotments.filter(**{field: OuterRef("pk")}).order_by()
    return own.values(field).annotate(total=Sum("amount")).values("total")


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
        return self if user.is_staff_member else self.of_companies(companies_of(user))

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


class StageProposalQuerySet(OfCompanies):
    def open(self) -> "StageProposalQuerySet":
        """Those that wait for a person: at most one a company."""
        return self.filter(state=ProposalState.OPEN)


class StageAppealQuerySet(OfCompanies):
    company_path = "proposal__company"

    def waiting(self) -> "StageAppealQuerySet":
        """Those that nobody has answered yet."""
        return self.filter(answered_at=None)
