"""How leases and units are read: who may see what, and what is in force on a day."""

import datetime as dt
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING, Any

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, CharField, Exists, OuterRef, Prefetch, Q, Subquery, Sum, Value, When
from django.db.models.functions import Coalesce

from companies.querysets import OfCompanies, RecordsOfCompanies
from spaces.choices import RESERVING, LeaseState

if TYPE_CHECKING:
    from typing import TypeAlias

    from accounts.models import User

    Viewer: TypeAlias = User | AnonymousUser


class LeaseQuerySet(RecordsOfCompanies):
    def with_places(self) -> "LeaseQuerySet":
        """With company, unit, building and campus, and whether it ended early, in the same query."""
        return self.select_related("company", "unit__building__campus").with_ends()

    def with_ends(self) -> "LeaseQuerySet":
        """Annotate `has_ended_early`: whether notice was given, and the term ends where the notice said."""
        endings = self.model._meta.get_field("endings").related_model.objects
        ends = Q(until=OuterRef("term__endswith"), agreed_until__isnull=False)
        return self.annotate(has_ended_early=Exists(endings.filter(ends, lease=OuterRef("pk"))))

    def with_state_on(self, day: dt.date) -> "LeaseQuerySet":
        """Annotate `state`, a LeaseState, as `state_on` of a lease tells it."""
        state = Case(
            When(voided_at__isnull=False, then=Value(LeaseState.VOID.value)),
            When(term__startswith__gt=day, then=Value(LeaseState.SIGNED.value)),
            When(term__contains=day, then=Value(LeaseState.IN_FORCE.value)),
            When(Q(has_ended_early=True), then=Value(LeaseState.ENDED_EARLY.value)),
            default=Value(LeaseState.ENDED.value),
            output_field=CharField(),
        )
        return self.with_ends().annotate(state=state)

    def followed(self) -> "LeaseQuerySet":
        """Leases that another one follows, which was not declared void."""
        return self.filter(followed_by__after__voided_at=None, followed_by__isnull=False).distinct()

    def in_force_on(self, day: dt.date) -> "LeaseQuerySet":
        return self.valid().filter(term__contains=day)

    def ending_within(self, first: dt.date, until: dt.date) -> "LeaseQuerySet":
        """Leases whose last day lies in `[first, until)`."""
        # The range ends on the day after the last one.
        return self.valid().filter(term__endswith__gt=first, term__endswith__lte=until)


class DeskMembershipQuerySet(RecordsOfCompanies):
    """Founders see those of their companies; a resident's only staff see."""

    def with_places(self) -> "DeskMembershipQuerySet":
        """With company, unit, building and campus, in the same query."""
        return self.select_related("company", "unit__building__campus")

    def in_force_on(self, day: dt.date) -> "DeskMembershipQuerySet":
        return self.valid().filter(term__contains=day)


class DayPassQuerySet(RecordsOfCompanies):
    """Founders see those of their companies; a resident's only staff see."""

    def with_places(self) -> "DayPassQuerySet":
        """With company, unit, building and campus, in the same query."""
        return self.select_related("company", "unit__building__campus")


class BuildingQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "Viewer", day: dt.date) -> "BuildingQuerySet":
        """Staff see all buildings, founders those of a campus where a company of theirs is on the day."""
        if not user.is_authenticated:
            return self.none()
        if user.is_staff_member:
            return self
        units = self.model._meta.get_field("units").related_model
        held = (units._meta.get_field(name).related_model.objects for name in ("leases", "desk_memberships"))
        own = (rows.visible_to(user).in_force_on(day).values("unit__building__campus") for rows in held)
        return self.filter(reduce(or_, (Q(campus__in=campuses) for campuses in own)))


class OfferQuerySet(OfCompanies):
    """Staff see all offers, founders those to the companies they are a member of."""

    def reserving(self) -> "OfferQuerySet":
        """Offers that keep their units."""
        return self.filter(state__in=RESERVING)


class UnitQuerySet(models.QuerySet[Any]):
    def visible_to(self, user: "Viewer") -> "UnitQuerySet":
        """Staff see all units, nobody else any."""
        return self if user.is_authenticated and user.is_staff_member else self.none()

    def with_let_on(self, day: dt.date) -> "UnitQuerySet":
        """Annotate `is_let`: whether a lease is in force on the day."""
        return self.annotate(is_let=Exists(self._leases().in_force_on(day).filter(unit=OuterRef("pk"))))

    def with_desks_taken_on(self, day: dt.date) -> "UnitQuerySet":
        """Annotate `desks_taken`: how many desks memberships in force on the day and passes for it take."""
        memberships = self.model._meta.get_field("desk_memberships").related_model.objects.in_force_on(day)
        own = memberships.filter(unit=OuterRef("pk")).order_by().values("unit")
        passes = self.model._meta.get_field("day_passes").related_model.objects.valid().filter(day=day)
        of_day = passes.filter(unit=OuterRef("pk")).order_by().values("unit")
        held, given = (Subquery(rows.annotate(sum=Sum("desks")).values("sum")) for rows in (own, of_day))
        return self.annotate(desks_taken=Coalesce(held, 0) + Coalesce(given, 0))

    def with_leases_on(self, day: dt.date) -> "UnitQuerySet":
        """Building and campus in the same query; in a second `leases_on`, a list of the lease in force on the day."""
        current = self._leases().in_force_on(day).select_related("company")
        return self.select_related("building__campus").prefetch_related(
            Prefetch("leases", queryset=current, to_attr="leases_on")
        )

    def _leases(self) -> LeaseQuerySet:
        return self.model._meta.get_field("leases").related_model.objects.all()
