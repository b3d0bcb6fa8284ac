"""How versions, decisions and statements are read: who may see what, and what is in force on a day."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models

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


class _OfCompanies(models.QuerySet[Any]):
    """Rows with a `company`: staff see all, founders those of the companies they are a member of."""

    def visible_to(self, user: "Viewer") -> Self:
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member:
            return self
        return self.filter(company__in=user.memberships.values("company"))


class DecisionQuerySet(_OfCompanies):
    def in_force(self) -> "DecisionQuerySet":
        """The decisions that are not superseded: one a company and point."""
        return self.filter(superseded_at=None)


class RentStatementQuerySet(_OfCompanies):
    pass
