"""What a program does with a lease: the acts of the pages, each with the form of its page, sent as JSON.

A body has the names that the rows have: `lease` is the number of a lease that begins. What the form of an officer does
not take, no body takes either.
"""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.models import Scope
from core.api.bodies import Body, Member, Schema, list_of, member_of, refused
from core.api.filters import refuse_unknown
from core.api.views import NUMBER_PATTERN
from core.api.writing import WritingViewSet, publicly
from core.errors import DomainError
from spaces.api.bodies import refuse_missing_units
from spaces.api.serializers import LeaseActSerializer, LeaseSerializer
from spaces.lives.acts import ACTS
from spaces.lives.forms import MOST_PARTS, ActForm
from spaces.models import Lease
from spaces.services.leases import held

PUBLIC = {"number": "lease"}
PART = ("unit", "area_m2", "price_per_m2_day", "number")
MOST_MERGED = 50


def body_of(code: str) -> Body:
    """What an act takes, by the names of the rows."""
    fields = ACTS[code].form.base_fields
    left_out = {"others", *(PART if code == "split" else ())}
    members = [
        member_of(PUBLIC.get(name, name), name, field, is_required=field.required)
        for name, field in fields.items()
        if name not in left_out
    ]
    return Body([*members, *_lists(code)])


def _lists(code: str) -> list[Member]:
    if code == "merge":
        texts = {"type": "string", "minLength": 1}
        return [list_of("others", texts, least=1, most=MOST_MERGED, text="Numbers of the company's other leases.")]
    if code == "split":
        fields = ACTS["move"].form.base_fields
        part = Body([member_of(PUBLIC.get(name, name), name, fields[name], is_required=True) for name in PART])
        return [list_of("parts", part, least=2, most=MOST_PARTS, text="The leases that take its place.")]
    return []


def typed(sent: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of the page would have taken: parts are its numbered fields."""
    found = {name: value for name, value in sent.items() if name != "parts"}
    for place, part in enumerate(sent.get("parts", ()), 1):
        found |= {f"{name}_{place}": part[PUBLIC.get(name, name)] for name in PART}
    return found


def said_publicly(error: DomainError, body: Body) -> DomainError:
    """With the names of the body; what is wrong about a part stands at the parts."""
    fields: dict[str, list[str]] = {}
    for name, told in publicly(error, body).fields.items():
        fields.setdefault(name if name in body.members or "parts" not in body.members else "parts", []).extend(told)
    error.fields = fields
    return error


class ActsOnLeases(WritingViewSet):
    """An address for each act on a lease; what comes of a well-formed body, a subclass says."""

    scope = Scope.LEASES_READ
    write_scope = Scope.LEASES_WRITE
    serializer_class: Any = LeaseSerializer
    queryset = Lease.objects.none()
    http_method_names = ["get", "head", "options", "post"]
    lookup_field = "number"
    lookup_url_kwarg = "lease"
    lookup_value_regex = NUMBER_PATTERN

    def get_queryset(self) -> Any:
        return Lease.objects.visible_to(self.request.user).select_related("company", "unit__building__campus")

    @action(detail=True, methods=["post"])
    def renew(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """The company stays in its unit: another lease begins on the day after the last one of this."""
        return self.act(request, "renew")

    @action(detail=True, methods=["post"])
    def change(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Another area or price from a day on: the lease ends on the day before, and another begins."""
        return self.act(request, "change")

    @action(detail=True, methods=["post"])
    def move(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Another unit from a day on: the lease ends on the day before, and another begins."""
        return self.act(request, "move")

    @action(detail=True, methods=["post"])
    def split(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Several leases from a day on, each of a unit of its own, in the place of this one."""
        return self.act(request, "split")

    @action(detail=True, methods=["post"])
    def merge(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """One lease from a day on in the place of several of the company."""
        return self.act(request, "merge")

    @action(detail=True, methods=["post"])
    def end(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """The company leaves before the agreed day, by notice of either side, for a reason."""
        return self.act(request, "end")

    def body_schema(self) -> Schema:
        """The body of the view's act, for the document."""
        return body_of(self.action).schema()

    def act(self, request: Request, code: str) -> Response:
        """Read and check what was sent, on the lease that is held; then what `on_form` answers."""
        refuse_unknown(request, ())
        body = body_of(code)
        sent = body.read(request.data)
        refuse_missing_units([sent.get("unit"), *(part["unit"] for part in sent.get("parts", ()))])
        with transaction.atomic():
            (lease,) = held([self.get_object()])
            self.refuse_stale(request, lease)
            form = ACTS[code].form(typed(sent), lease=lease)
            try:
                if not form.is_valid():
                    raise refused(form, body)
                return self.on_form(request, form)
            except DomainError as error:
                raise said_publicly(error, body) from error

    def on_form(self, request: Request, form: ActForm) -> Response:
        """The answer to a form that is well-formed."""
        raise NotImplementedError


@extend_schema_view(**{code: extend_schema(responses=LeaseActSerializer) for code in ACTS})
class CarriesOut(ActsOnLeases):
    """The acts are done."""

    def on_form(self, request: Request, form: ActForm) -> Response:
        before = [lease.pk for lease in form.plan().before]
        last = form.carry_out(self.person)
        if not self.may_read(request):
            return Response(status=204)
        leases = self.get_queryset().order_by("number")
        begun = leases.valid().filter(follows__before__in=before, follows__day=last.term.lower).distinct()
        found = {"ended": leases.filter(pk__in=before), "begun": [] if last.pk in before else begun}
        return Response(LeaseActSerializer(found).data)
