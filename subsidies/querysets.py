"""How versions, decisions and statements are read: who may see what, and what is in force on a day."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q

from companies.querysets import OfCompanies, RecordsOfCompanies

if TYPE_CHECKING:
    from typing import TypeAlias

    from accounts.models import User

    Viewer: TypeAlias = User | AnonymousUser


class PolicyVersionQuerySet(models.QuerySet[Any]):
    def published(self) -> "PolicyVersionQuerySet":
        """All versions that are or were law; superseded ones still govern the days they were in force on."""
        return self.filter(state__in=["published", "superseded"])

    def in_force_on(self, day: dt.date) -> "PolicyVersionQuerySet":
        """At most one: the newest published version that was effective on the day."""
        return self.published().filter(effective_from__lte=day).order_by("-effective_from", "-published_at")[:1]


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
    def visible_to(self, user: "Viewer") -> "SupplierQuerySet":
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
