"""Deposits of leases: read by machines, and agreed on, received, returned and handed over by those with a key of the
writing scope. Whose act each is, the services say: a key acts for its officer or its treasurer."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from core.api.bodies import Body, Schema, member_of, refused
from core.api.filters import ONE_ROW, refuse_unknown
from core.api.views import NUMBER_PATTERN
from core.api.writing import WritingViewSet, publicly
from core.errors import DomainError
from core.periods import today
from spaces.api.bodies import missing
from spaces.api.deposit_serializers import DepositSerializer, LeaseDepositSerializer
from spaces.api.filters import DepositFilter
from spaces.deposits import deposit_of, with_deposits
from spaces.forms.deposits import AgreeForm, TakeBackForm
from spaces.models import Lease
from spaces.services import deposits as services
from spaces.views.deposits import ACTS, proposed

PUBLIC = {"to": "to_lease"}
FOLLOWER = forms.CharField(max_length=64, help_text="The number of a lease that follows.")
MOVEMENT = forms.CharField(max_length=36, help_text="The id of the movement that was entered in error.")

FORMS: dict[str, type[forms.Form]] = {
    "agree": AgreeForm, "receive": ACTS["receive"].form, "repay": ACTS["return"].form,
    "hand_over": ACTS["hand-over"].form, "take_back": TakeBackForm,
}  # fmt: skip


def body_of(act: str) -> Body:
    """What an act takes. The day is always sent: a machine does not type what a page proposes."""
    fields = FORMS[act].base_fields | ({"movement": MOVEMENT} if act == "take_back" else {})
    named = fields | ({"to": FOLLOWER} if "to" in fields else {})
    return Body(
        member_of(PUBLIC.get(name, name), name, field, is_required=field.required) for name, field in named.items()
    )


@extend_schema_view(retrieve=extend_schema(responses=DepositSerializer))
class DepositViewSet(WritingViewSet):
    """Deposits of leases. The list has the leases whose deposit was ever agreed on or paid; a row is that of any lease,
    with every yuan that came or went."""

    scope = Scope.DEPOSITS_READ
    write_scope = Scope.DEPOSITS_WRITE
    serializer_class: Any = LeaseDepositSerializer
    filterset_class = DepositFilter
    queryset = Lease.objects.none()
    http_method_names = ["get", "head", "options", "post"]
    lookup_field = "number"
    lookup_url_kwarg = "lease"
    lookup_value_regex = NUMBER_PATTERN
    ordering_fields = {"lease": "number", "company": "company__code"}
    default_ordering = "lease"

    def get_queryset(self) -> Any:
        leases = Lease.objects.visible_to(self.request.user).select_related("company")
        return with_deposits(leases) if self.action == "list" else leases

    def retrieve(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        refuse_unknown(request, ONE_ROW)
        return Response(self.row(self.get_object()))

    def row(self, record: Lease) -> Any:
        return DepositSerializer(deposit_of(record), context=self.get_serializer_context()).data

    @extend_schema(responses=DepositSerializer)
    @action(detail=True, methods=["post"])
    def agree(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Say what is to be paid in all from now on. An officer's act."""
        return self._act(request, services.agree_deposit)

    @extend_schema(responses=DepositSerializer)
    @action(detail=True, methods=["post"])
    def receive(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Record what the company paid. A treasurer's act."""
        return self._act(request, services.receive_deposit, on=today())

    @extend_schema(responses=DepositSerializer)
    @action(detail=True, methods=["post"], url_path="return")
    def repay(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Pay back whole or in part; what is withheld needs a reason, which the company reads. A treasurer's act."""
        return self._act(request, services.return_deposit, on=today())

    @extend_schema(responses=DepositSerializer)
    @action(detail=True, methods=["post"], url_path="hand-over")
    def hand_over(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Hold for a lease that follows what is held for this one. A treasurer's act; no money moves."""
        return self._act(request, services.hand_over_deposit, on=today())

    @extend_schema(responses=DepositSerializer)
    @action(detail=True, methods=["post"], url_path="take-back")
    def take_back(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Take back a movement that was entered in error, with the reason: both stay on record. A treasurer's act."""
        return self._act(request, services.take_back_movement, day=today())

    def body_schema(self) -> Schema:
        """The body of the view's act, for the document."""
        return body_of(self.action).schema()

    def _act(self, request: Request, act: Callable[..., Any], **given: Any) -> Response:
        refuse_unknown(request, ())
        body = body_of(self.action)
        sent = body.read(request.data)
        with transaction.atomic():
            lease = self.get_object()
            Lease.objects.select_for_update(of=("self",), no_key=True).get(pk=lease.pk)
            self.refuse_stale(request, lease)
            form = self._form(lease, sent)
            if not form.is_valid():
                raise refused(form, body)
            about = {"movement": _movement(lease, sent["movement"])} if self.action == "take_back" else {"lease": lease}
            try:
                act(**about, **given, **form.cleaned_data, by=self.person)
            except DomainError as error:
                raise publicly(error, body) from error
            return self.answer(request, lease, 200)

    def _form(self, lease: Lease, sent: dict[str, Any]) -> forms.Form:
        return TakeBackForm(sent) if self.action == "take_back" else FORMS[self.action](sent, **proposed(lease))


def _movement(lease: Lease, public_id: str) -> Any:
    """One of the lease's own movements."""
    own = (movement for movement in deposit_of(lease).movements if movement.lease_id == lease.pk)
    found = next((movement for movement in own if str(movement.public_id) == public_id), None)
    if found is None:
        raise missing("movement", _("The deposit of this lease has no such movement."))
    return found
