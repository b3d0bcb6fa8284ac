"""How leases and units are read: who may see what, and what is in force on a day."""

import datetime as dt
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef

if TYPE_CHECKING:
    from accounts.models import User

    Viewer = User | AnonymousUser


class LeaseQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "Viewer") -> "LeaseQuerySet":
        """Staff see all leases, founders those of the companies they are a member of, everybody else none."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member:
            return self
        return self.filter(company__in=user.memberships.values("company"))

    def valid(self) -> "LeaseQuerySet":
        """Leases that were not declared void."""
        return self.filter(voided_at=None)

    def in_force_on(self, day: dt.date) -> "LeaseQuerySet":
        return self.valid().filter(term__contains=day)


class UnitQuerySet(models.QuerySet[Any]):
    def with_let_on(self, day: dt.date) -> "UnitQuerySet":
        """Annotate `is_let`: whether a lease is in force on the day."""
        leases = self.model._meta.get_field("leases").related_model.objects.in_force_on(day)
        return self.annotate(is_let=Exists(leases.filter(unit=OuterRef("pk"))))
