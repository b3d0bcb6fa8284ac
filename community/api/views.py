"""Talents, read and entered by machines, and support, read by them."""

from typing import Any

from accounts.models import Scope
from community.api.filters import DeliveryFilter, SupportPackageFilter, TalentFilter
from community.api.serializers import DeliverySerializer, SupportPackageSerializer, TalentSerializer
from community.models import Delivery, SupportPackage, Talent
from community.views import talents
from companies.records.api import VoidableViewSet
from core.api.views import NUMBER_PATTERN, UUID_PATTERN, ReadViewSet


class TalentViewSet(VoidableViewSet):
    """High-level talents and where they are employed, also those that were declared void."""

    kind = talents.PAGES
    scope = Scope.TALENTS_READ
    write_scope = Scope.TALENTS_WRITE
    serializer_class = TalentSerializer
    filterset_class = TalentFilter
    queryset = Talent.objects.none()
    lookup_field = "code"
    lookup_url_kwarg = "talent"
    lookup_value_regex = NUMBER_PATTERN
    # Not by company: whoever has none would be lost behind a cursor.
    ordering_fields = {"talent": "code", "name": "name", "updated_at": "updated_at"}
    default_ordering = "talent"

    def get_queryset(self) -> Any:
        return Talent.objects.visible_to(self.request.user).select_related("company")


class SupportPackageViewSet(ReadViewSet):
    """What companies and teams of each stage are given, in all versions, also those that were withdrawn."""

    scope = Scope.SUPPORT_READ
    serializer_class = SupportPackageSerializer
    filterset_class = SupportPackageFilter
    queryset = SupportPackage.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATTERN
    ordering_fields = {"entered": "pk", "stage": "stage", "updated_at": "updated_at"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        seen = SupportPackage.objects.visible_to(self.request.user)
        return seen.select_related("campus").prefetch_related("items")


class DeliveryViewSet(ReadViewSet):
    """Support that was given to companies, also what was declared void."""

    scope = Scope.SUPPORT_READ
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilter
    queryset = Delivery.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATTERN
    ordering_fields = {
        "entered": "pk", "company": "company__code", "given_on": "given_on", "updated_at": "updated_at",
    }  # fmt: skip
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        return Delivery.objects.visible_to(self.request.user).select_related("company", "item")
