"""Leases and desk memberships, read by machines."""

from typing import Any

from accounts.models import Scope
from core.api.views import NUMBER_PATTERN, ReadViewSet
from spaces.api.filters import DeskMembershipFilter, LeaseFilter
from spaces.api.serializers import DeskMembershipSerializer, LeaseSerializer
from spaces.models import DeskMembership, Lease


class LeaseViewSet(ReadViewSet):
    """Leases of the zone's units, also those that were declared void."""

    scope = Scope.LEASES_READ
    serializer_class = LeaseSerializer
    filterset_class = LeaseFilter
    queryset = Lease.objects.none()
    lookup_field = "number"
    lookup_url_kwarg = "lease"
    lookup_value_regex = NUMBER_PATTERN
    ordering_fields = {"lease": "number", "company": "company__code", "updated_at": "updated_at"}
    default_ordering = "lease"

    def get_queryset(self) -> Any:
        return Lease.objects.visible_to(self.request.user).select_related("company", "unit__building__campus")


class DeskMembershipViewSet(ReadViewSet):
    """Desks of companies, teams and residents, also memberships that were declared void."""

    scope = Scope.LEASES_READ
    serializer_class = DeskMembershipSerializer
    filterset_class = DeskMembershipFilter
    queryset = DeskMembership.objects.none()
    lookup_field = "number"
    lookup_url_kwarg = "membership"
    lookup_value_regex = NUMBER_PATTERN
    # Not by company: a resident's has none, and would be lost behind a cursor.
    ordering_fields = {"membership": "number", "updated_at": "updated_at"}
    default_ordering = "membership"

    def get_queryset(self) -> Any:
        return DeskMembership.objects.visible_to(self.request.user).with_places()
