"""Leases, desk memberships and day passes: read by machines, and acted on by those with a key of the writing scope."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from companies.records.api import VoidableViewSet, body_of_form
from core.api.bodies import Body
from core.api.filters import ONE_ROW, refuse_unknown
from core.api.views import NUMBER_PATTERN
from spaces import services
from spaces.api.acts import CarriesOut
from spaces.api.deposit_serializers import DepositSerializer
from spaces.api.filters import DayPassFilter, DeskMembershipFilter, LeaseFilter
from spaces.api.serializers import DayPassSerializer, DeskMembershipSerializer, LineageSerializer
from spaces.deposits import deposit_of
from spaces.forms.desks import EndDeskForm
from spaces.lives import lineage
from spaces.models import DayPass, DeskMembership, Ending, Succession
from spaces.models.bookings import ALPHABET, CODE_LENGTH
from spaces.views import day_passes, desks


class LeaseViewSet(CarriesOut):
    """Leases of the zone's units, also those that were declared void."""

    filterset_class = LeaseFilter
    ordering_fields = {"lease": "number", "company": "company__code", "updated_at": "updated_at"}
    default_ordering = "lease"

    @extend_schema(responses=LineageSerializer)
    @action(detail=True)
    def lineage(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """The life of a lease: all that came before it and of it, by which act and why, and which ended early."""
        refuse_unknown(request, ONE_ROW)
        family = lineage.family(self.get_object())
        found = {
            "leases": family,
            "successions": Succession.objects.filter(before__in=family).select_related("before", "after"),
            "endings": Ending.objects.filter(lease__in=family).select_related("lease"),
        }
        return Response(LineageSerializer(found, context=self.get_serializer_context()).data)

    @extend_schema(responses=DepositSerializer)
    @action(detail=True)
    def deposit(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """The deposit of a lease: what is agreed and held, and every yuan that came or went."""
        refuse_unknown(request, ONE_ROW)
        found = deposit_of(self.get_object())
        return Response(DepositSerializer(found, context=self.get_serializer_context()).data)


class DeskMembershipViewSet(VoidableViewSet):
    """Desks of companies, teams and residents, also memberships that were declared void."""

    kind = desks.PAGES
    scope = Scope.LEASES_READ
    write_scope = Scope.LEASES_WRITE
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

    @action(detail=True, methods=["post"])
    def end(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """The holder leaves: `last_day` is the last one at the desk, included."""
        return self.act(request, EndDeskForm, self._end)

    def _end(self, held: DeskMembership, said: dict[str, Any]) -> DeskMembership:
        return services.end_membership(membership=held, last_day=said["last_day"], by=self.person)

    def body(self, act: str) -> Body:
        return body_of_form(EndDeskForm) if act == "end" else super().body(act)


class DayPassViewSet(VoidableViewSet):
    """Desks for a day, of companies, teams and residents, also passes that were declared void. Its code the portal
    gives: who may have lost an answer sends an Idempotency-Key, so that no pass is given out twice."""

    kind = day_passes.PAGES
    scope = Scope.LEASES_READ
    write_scope = Scope.LEASES_WRITE
    serializer_class = DayPassSerializer
    filterset_class = DayPassFilter
    queryset = DayPass.objects.none()
    lookup_field = "code"
    lookup_url_kwarg = "day_pass"
    lookup_value_regex = f"[{ALPHABET}]{{{CODE_LENGTH}}}"
    ordering_fields = {"entered": "pk", "day": "day", "updated_at": "updated_at"}
    default_ordering = "entered"

    def get_queryset(self) -> Any:
        return DayPass.objects.visible_to(self.request.user).with_places()
