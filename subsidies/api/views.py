"""What companies are entitled to, what they owe, and the policy that says so, read by machines."""

from typing import Any

from django.db.models import Prefetch
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from core.api.filters import ONE_ROW, refuse_unknown
from core.api.views import UUID_PATTERN, ReadViewSet
from core.periods import today
from subsidies.api.balances import ReliefBalanceSerializer
from subsidies.api.certificates import CertificateSerializer
from subsidies.api.explanations import ExplanationSerializer
from subsidies.api.filters import (
    DecisionFilter,
    InterestStatementFilter,
    PolicyVersionFilter,
    RentPaymentFilter,
    RentStatementFilter,
    StageProposalFilter,
)
from subsidies.api.policy import PolicyVersionSerializer
from subsidies.api.reasons import reasons
from subsidies.api.serializers import (
    DecisionSerializer,
    InterestStatementSerializer,
    RentPaymentSerializer,
    RentStatementSerializer,
    StageProposalSerializer,
)
from subsidies.balance import balance_of, last_day_of_month
from subsidies.certificates.document import certificate
from subsidies.models import (
    Decision,
    InterestAdjustment,
    InterestLine,
    InterestStatement,
    PolicyVersion,
    RentAdjustment,
    RentAllotment,
    RentLine,
    RentPayment,
    RentStatement,
    StageProposal,
)


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
        decisions = Decision.objects.visible_to(self.request.user).select_related("company", "version")
        if self.action in {"explanation", "certificate"}:
            return decisions.prefetch_related("version__parameters")
        return decisions.defer("facts", "seal")

    @extend_schema(responses=ExplanationSerializer)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def explanation(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Why a decision is what it is: each criterion with the value seen, its threshold and where it comes from, the
        arithmetic, what is missing, what would change it and what that would bring, and what ends it."""
        refuse_unknown(request, ONE_ROW)
        found = reasons(self.get_object(), on=today())
        return Response(ExplanationSerializer(found, context=self.get_serializer_context()).data)

    @extend_schema(responses=CertificateSerializer)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def certificate(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """The proof of a decision: what it rests on, how it came about, its seal, and whether it still stands."""
        refuse_unknown(request, ONE_ROW)
        found = certificate(self.get_object())
        return Response(CertificateSerializer(found, context=self.get_serializer_context()).data)


class StageProposalViewSet(ReadViewSet):
    """Moves from one stage to another that the evidence speaks for, with what people made of them. They are confirmed,
    refused and appealed against in the portal."""

    scope = Scope.DECISIONS_READ
    serializer_class = StageProposalSerializer
    filterset_class = StageProposalFilter
    queryset = StageProposal.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATTERN
    ordering_fields = {"entered": "pk", "company": "company__code"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        proposals = StageProposal.objects.visible_to(self.request.user)
        return proposals.select_related("company", "version", "appeal").defer("facts", "criteria")


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
        statements = RentStatement.objects.visible_to(self.request.user).with_paid().select_related("company")
        return statements.prefetch_related(Prefetch("lines", lines), Prefetch("adjustments", adjustments))

    @extend_schema(responses=ReliefBalanceSerializer)
    @action(detail=True, filterset_class=None, pagination_class=None)
    def balance(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """What is used and left of the rent relief at the end of the statement's month, by what is known today: area,
        months, the last day, and the rent of a month after it. 404 where no policy is in force."""
        refuse_unknown(request, ONE_ROW)
        statement = self.get_object()
        found = balance_of(statement.company, on=last_day_of_month(statement.month))
        if found is None:
            raise Http404
        return Response(ReliefBalanceSerializer(found, context=self.get_serializer_context()).data)


class PolicyVersionViewSet(ReadViewSet):
    """A published version of the policy: its words in three languages and every number with where it comes from."""

    scope = Scope.POLICY_READ
    serializer_class = PolicyVersionSerializer
    filterset_class = PolicyVersionFilter
    queryset = PolicyVersion.objects.none()
    lookup_field = "version"
    lookup_url_kwarg = "version"
    lookup_value_regex = "[^/]+"
    ordering_fields = {"effective_from": "effective_from"}
    default_ordering = "effective_from"

    def get_queryset(self) -> Any:
        return PolicyVersion.objects.published().with_ends().prefetch_related("parameters")


class InterestStatementViewSet(ReadViewSet):
    """Interest support, and what is paid out: one statement a company and month, with a line for each loan."""

    scope = Scope.STATEMENTS_READ
    serializer_class = InterestStatementSerializer
    filterset_class = InterestStatementFilter
    queryset = InterestStatement.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATTERN
    ordering_fields = {"entered": "pk", "month": "month", "company": "company__code"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        lines = InterestLine.objects.select_related("loan").order_by("loan__number")
        adjustments = InterestAdjustment.objects.select_related("loan").order_by("month", "loan__number")
        statements = InterestStatement.objects.visible_to(self.request.user).select_related("company", "recovery")
        return statements.prefetch_related(Prefetch("lines", lines), Prefetch("adjustments", adjustments))


class RentPaymentViewSet(ReadViewSet):
    """Rent that came in, and which statements it pays. Never rewritten; what the bank took back is reversed."""

    scope = Scope.STATEMENTS_READ
    serializer_class = RentPaymentSerializer
    filterset_class = RentPaymentFilter
    queryset = RentPayment.objects.none()
    lookup_field = "public_id"
    lookup_url_kwarg = "id"
    lookup_value_regex = UUID_PATTERN
    ordering_fields = {"entered": "pk", "paid_on": "paid_on"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        payments = RentPayment.objects.visible_to(self.request.user).with_used().select_related("company")
        standing = RentAllotment.objects.standing().select_related("statement")
        return payments.prefetch_related(Prefetch("allotments", standing))
