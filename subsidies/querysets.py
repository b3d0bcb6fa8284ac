"""How versions, decisions and statements are read: who may see what, and what is in force on a day."""

import datetime as dt
from typing import Any, Self, TypeAlias

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from accounts.models import StaffRole, User
from companies.querysets import OfCompanies, RecordsOfCompanies
from subsidies.choices import PolicyState

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
