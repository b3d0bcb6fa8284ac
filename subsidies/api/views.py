"""What companies are entitled to and what they owe, read by machines."""

from typing import Any

from django.db.models import Prefetch
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from core.api.filters import ONE_ROW, refuse_unknown
from core.api.views import ReadViewSet
from subsidies.api.certificates import CertificateSerializer
from subsidies.api.filters import DecisionFilter, RentStatementFilter
from subsidies.api.serializers import DecisionSerializer, RentStatementSerializer
from subsidies.certificates.document import certificate
from subsidies.models import Decision, RentAdjustment, RentLine, RentStatement

UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class DecisionViewSet(ReadViewSet):
    """What the policy decided for a company on one of the eight points. Superseded, never edited."""

    scope = Scope.DECISIONS_READ
    serializer_class = DecisionSerializer
    filterset_class = DecisionFilter
    queryset = Decision.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID
    ordering_fields = {"entered": "pk", "decided_at": "decided_at", "company": "company__code"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        return (
            Decision.objects.visible_to(self.request.user).select_related("company", "version").defer("facts", "seal")
        )

    @extend_schema(responses=CertificateSerializer)
    @action(detail=True, url_path="certificate", pagination_class=None, filterset_class=None)
    def certificate(self, request: Request, id: str) -> Response:  # noqa: A002 - as in the address
        """The proof of a decision: what it rests on, how it came about, its seal, and whether it still stands."""
        refuse_unknown(request, ONE_ROW)
        decisions = Decision.objects.visible_to(request.user).select_related("company", "version")
        found = get_object_or_404(decisions.prefetch_related("version__parameters"), public_id=id)
        return Response(CertificateSerializer(certificate(found), context=self.get_serializer_context()).data)


class RentStatementViewSet(ReadViewSet):
    """Rent, relief and what is left to pay: one statement a company and month, with a line for each lease."""

    scope = Scope.STATEMENTS_READ
    serializer_class = RentStatementSerializer
    filterset_class = RentStatementFilter
    queryset = RentStatement.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID
    ordering_fields = {"entered": "pk", "month": "month", "company": "company__code"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        lines = RentLine.objects.select_related("lease").order_by("lease__number")
        adjustments = RentAdjustment.objects.select_related("lease").order_by("month", "lease__number")
        statements = RentStatement.objects.visible_to(self.request.user).select_related("company")
        return statements.prefetch_related(Prefetch("lines", lines), Prefetch("adjustments", adjustments))
