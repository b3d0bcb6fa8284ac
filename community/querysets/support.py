"""How support is read: packages are the zone's own, what was given to a company is the company's as well."""

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from companies.querysets import OfCompanies, RecordsOfCompanies

if TYPE_CHECKING:
    from typing import TypeAlias

    from django.contrib.auth.models import AnonymousUser

    from accounts.models import User

    Viewer: TypeAlias = User | AnonymousUser


class PackageQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "Viewer") -> Self:
        """The staff sees all versions; founders see the items that are theirs with their company."""
        return self if user.is_authenticated and user.is_staff_member else self.none()

    def valid(self) -> Self:
        """Those that were not withdrawn before they began."""
        return self.filter(voided_at=None)

    def in_force(self, on: dt.date) -> Self:
        """Those that say what is given on the day."""
        return self.valid().filter(valid__contains=on)

    def of(self, *, audience: str, stage: str, campus: int | None) -> Self:
        """All versions for companies or teams of a stage, of one campus or (None) of all."""
        return self.filter(audience=audience, stage=stage, campus=campus)


class DeliveryQuerySet(RecordsOfCompanies):
    """What was given; its people see what their company received."""


class TickQuerySet(OfCompanies):
    """What is done of a company's checklist."""


class ContactQuerySet(OfCompanies):
    def on(self, day: dt.date) -> Self:
        """Who is the contact on the day."""
        return self.filter(period__contains=day)


class CohortQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "Viewer") -> Self:
        """How the zone compares its companies is for its staff."""
        return self if user.is_authenticated and user.is_staff_member else self.none()

    def valid(self) -> Self:
        """Those that were not declared void."""
        return self.filter(voided_at=None)


class ChecklistQuerySet(models.QuerySet[Any]):
    def for_company(self, *, audience: str, stage: str) -> Self:
        """What a company or team of the stage is to do."""
        return self.filter(Q(audience="") | Q(audience=audience), stage=stage)
