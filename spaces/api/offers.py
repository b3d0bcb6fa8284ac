"""Offers of leases: read by machines; made, withdrawn and signed by those with a key of the writing scope. The answer
to an offer is its company's owner's, and no key's."""

from typing import Any

from django import forms
from django.db import transaction
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from core.api.bodies import Body, Schema, member_of, refused
from core.api.filters import refuse_unknown
from core.api.problems import Existing
from core.api.views import NUMBER_PATTERN
from core.api.writing import WritingViewSet, publicly
from core.errors import Conflict, DomainError
from core.periods import today
from spaces import services
from spaces.api.bodies import refuse_missing_units, seen_company
from spaces.api.filters import LeaseOfferFilter
from spaces.api.serializers import LeaseOfferSerializer
from spaces.models import LeaseOffer
from spaces.offers.forms import OfferForm, SignOfferForm, WithdrawForm

FORMS: dict[str, tuple[type[forms.Form], dict[str, str]]] = {
    "create": (OfferForm, {"number": "offer"}),
    "withdraw": (WithdrawForm, {}),
    "sign": (SignOfferForm, {"number": "lease"}),
}
COMPANY = "The company's code."


class LeaseOfferViewSet(WritingViewSet):
    """Offers of leases, with what became of them. A POST makes one, which keeps its unit until it is answered."""

    scope = Scope.LEASES_READ
    write_scope = Scope.LEASES_WRITE
    serializer_class = LeaseOfferSerializer
    filterset_class = LeaseOfferFilter
    queryset = LeaseOffer.objects.none()
    http_method_names = ["get", "head", "options", "post"]
    lookup_field = "number"
    lookup_url_kwarg = "offer"
    lookup_value_regex = NUMBER_PATTERN
    ordering_fields = {"offer": "number", "valid_until": "valid_until", "updated_at": "updated_at"}
    default_ordering = "offer"

    def get_queryset(self) -> Any:
        return LeaseOffer.objects.visible_to(self.request.user).select_related(
            "company", "unit__building__campus", "lease"
        )

    def create(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Offer a unit to a company: the company is told, and its owners answer in the portal."""
        refuse_unknown(request, ())
        body = self._body()
        sent = body.read(request.data)
        seen_company(sent["company"], self.person)
        refuse_missing_units([sent["unit"]])
        form = OfferForm(sent)
        if not form.is_valid():
            raise refused(form, body)
        try:
            with transaction.atomic():
                return self.answer(request, services.make_offer(**form.offered(), on=today(), by=self.person), 201)
        except DomainError as error:
            raise self._refusal(request, self._publicly(error, body), form.cleaned_data["number"]) from error

    @action(detail=True, methods=["post"])
    def withdraw(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Take an offer back before it is signed: the unit is free again, and the company reads why."""
        return self._act(
            request, lambda offer, said: services.withdraw_offer(offer=offer, reason=said["reason"], by=self.person)
        )

    @action(detail=True, methods=["post"])
    def sign(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Make the lease of an offer that the company accepted; a renewal where it follows a lease of the company."""
        return self._act(
            request, lambda offer, said: services.sign_offer(offer=offer, number=said["number"], by=self.person)
        )

    def body_schema(self) -> Schema:
        """The body of the view's act, for the document."""
        return self._body().schema()

    def _body(self) -> Body:
        form, public = FORMS[self.action]
        fields = {name: form.base_fields[name] for name in getattr(form, "field_order", None) or form.base_fields}
        members = [
            member_of(public.get(name, name), name, field, is_required=field.required) for name, field in fields.items()
        ]
        for member in members:
            if member.name == "company":
                member.schema["description"] = COMPANY
        return Body(members)

    def _act(self, request: Request, act: Any) -> Response:
        refuse_unknown(request, ())
        body = self._body()
        form = FORMS[self.action][0](body.read(request.data))
        if not form.is_valid():
            raise refused(form, body)
        try:
            with transaction.atomic():
                found = self.get_object()
                LeaseOffer.objects.select_for_update(of=("self",)).get(pk=found.pk)
                self.refuse_stale(request, found)
                act(found, form.cleaned_data)
                return self.answer(request, found, 200)
        except DomainError as error:
            raise self._publicly(error, body) from error

    def _publicly(self, error: DomainError, body: Body) -> DomainError:
        """A form types the last day where a row has its term."""
        error.fields = {("last_day" if name == "term" else name): told for name, told in error.fields.items()}
        return publicly(error, body)

    def _refusal(self, request: Request, error: DomainError, number: str) -> DomainError:
        """A conflict with the address of the offer that has this number, if that is why."""
        if not isinstance(error, Conflict):
            return error
        found = self.get_queryset().filter(number=number).first()
        return Existing(error, self.address(request, found)) if found else error
