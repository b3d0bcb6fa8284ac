"""What companies are entitled to and what they owe, read by machines."""

from typing import Any

from django.db.models import Prefetch

from accounts.models import Scope
from core.api.views import UUID_PATTERN, ReadViewSet
from subsidies.api.filters import DecisionFilter, RentStatementFilter
from subsidies.api.serializers import DecisionSerializer, RentStatementSerializer
from subsidies.models import Decision, RentAdjustment, RentLine, RentStatement


class DecisionViewSet(ReadViewSet):
    """What the policy decided for a company on one of the eight points. Superseded, never edited."""

    scope = Scope.DECISIONS_READ
    serializer_class = DecisionSerializer
    filterset_class = DecisionFilter
    queryset = Decision.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATTERN
    ordering_fields = {"entered": "pk", "decided_at": "decided_at", "company": "company__code"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        return Decision.objects.visible_to(self.request.user).select_related("company", "version").defer("facts")


class RentStatementViewSet(ReadViewSet):
    """Rent, relief and what is left to pay: one statement a company and month, with a line for each lease."""

    scope = Scope.STATEMENTS_READ
    serializer_class = RentStatementSerializer
    filterset_class = RentStatementFilter
    queryset = RentStatement.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATTERN
    ordering_fields = {"entered": "pk", "month": "month", "company": "company__code"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        lines = RentLine.objects.select_related("lease").order_by("lease__number")
        adjustments = RentAdjustment.objects.select_related("lease").order_by("month", "lease__number")
        statements = RentStatement.objects.visible_to(self.request.user).select_related("company")
        return statements.prefetch_related(Prefetch("lines", lines), Prefetch("adjustments", adjustments))
