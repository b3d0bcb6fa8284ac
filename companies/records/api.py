"""Records entered, corrected and declared void by machines: the forms and services of the pages, sent as JSON.

A body has the names that the rows have. What a form of an officer does not take, no body takes either.
"""

from collections.abc import Callable
from typing import Any

from django import forms
from django.db import transaction
from django.utils.translation import gettext as _
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from companies.records.forms import VoidForm, stamp
from companies.records.kinds import RecordKind
from core.api.bodies import Body, Schema, member_of, refused
from core.api.filters import refuse_unknown
from core.api.problems import Existing, Missing, Unconditional
from core.api.writing import WritingViewSet, publicly
from core.errors import Conflict, DomainError

COMPANY = "The company's code."


class RecordViewSet(WritingViewSet):
    """A list of records that machines with a key of `write_scope` add to, and whose rows they correct.

    `kind` names the form and the services. A correction says by `If-Match` on which state of the row it was made.
    """

    kind: RecordKind
    http_method_names = ["get", "head", "options", "post", "patch"]

    def create(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Enter a record."""
        refuse_unknown(request, ())
        body = self.body("create")
        sent = body.read(request.data)
        self._refuse_unseen(request, sent, body)
        form = self.kind.form(sent, user=self.person)
        if not form.is_valid():
            raise refused(form, body)
        owner = form.cleaned_data.get(form.owner)
        try:
            with transaction.atomic():
                return self.answer(request, self.kind.enter(form.values(), owner, self.person), 201)
        except DomainError as error:
            raise self._refusal(request, publicly(error, body), form.cleaned_data) from error

    def partial_update(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Correct a record: what the body does not name stays as it is."""
        refuse_unknown(request, ())
        body = self.body("partial_update")
        sent = body.read(request.data)
        self._refuse_unseen(request, sent, body)
        if "If-Match" not in request.headers:
            message = _("Send the ETag of the row that you correct as If-Match, or * to correct it whatever it is now.")
            raise Unconditional(message)
        with transaction.atomic():
            record = self._held(request)
            form = self.kind.form(None, user=self.person, record=record)
            data = {**form.initial, **sent} | {"seen": stamp(record)}
            form = self.kind.form(data, user=self.person, record=record)
            if not form.is_valid():
                raise refused(form, body)
            try:
                return self.answer(request, self.kind.change(record, form.values(), self.person), 200)
            except DomainError as error:
                raise publicly(error, body) from error

    def body(self, act: str) -> Body:
        """What an act takes, by the names of the rows. Whoever enters a record gives it its number himself, so that
        it is entered once however often he sends it."""
        form = self.kind.form
        fields = form.fields_of(is_new=act == "create")
        public = {path: name for name, path in self.kind.columns.items() if path == form.number}
        found = []
        for name, field in fields.items():
            member = member_of(
                public.get(name, name),
                name,
                field,
                is_required=act == "create" and (field.required or name == form.number),
            )
            if name == "company":
                member.schema["description"] = COMPANY
            found.append(member)
        return Body(found)

    def body_schema(self) -> Schema:
        """The body of the view's act, for the document."""
        return self.body(self.action).schema()

    # --- The row, and what is answered about it

    def _refuse_unseen(self, request: Request, sent: dict[str, Any], body: Body) -> None:
        """What a key does not see and what does not exist are told alike."""
        owner = sent.get(self.kind.form.owner)
        if owner is not None and not self.kind.sees_owner(request.user, owner):  # type: ignore[arg-type]
            message = str(self.kind.no_owner)
            raise Missing(message, fields={body.public(self.kind.form.owner): [message]})

    def _held(self, request: Request) -> Any:
        """The row that the address names, locked; Stale where it is not the one that `If-Match` names."""
        held = self.kind.held(self.get_object())
        self.refuse_stale(request, held)
        return held

    def _refusal(self, request: Request, error: DomainError, values: dict[str, Any]) -> DomainError:
        """A conflict with the address of the row that has this key, if that is why."""
        if not isinstance(error, Conflict):
            return error
        named = {path: path.partition("__")[0] for path in self.kind.columns.values()}
        if any(name not in values for name in named.values()):
            return error  # the portal gives the number: no row has it yet
        lookups = {path: _key_of(values[name], path) for path, name in named.items()}
        rows: Any = self.get_queryset().filter(**lookups)
        # A number stays taken when its record is void; a company's or a loan's day is free again.
        found = (rows.valid() if len(lookups) > 1 else rows).first()
        if found is None:
            return error
        if not error.fields:
            error.fields = {list(self.kind.columns)[-1]: [error.message]}
        return Existing(error, self.address(request, found))


class VoidableViewSet(RecordViewSet):
    """Records that are declared void where they were entered in error. Nothing is deleted."""

    @action(detail=True, methods=["post"])
    def void(self, request: Request, *_args: Any, **_kwargs: Any) -> Response:
        """Declare a record void that was entered in error, with the reason: it counts for nothing from now on."""
        return self.act(request, VoidForm, lambda held, said: self.kind.void(held, said["reason"], self.person))

    def act(
        self, request: Request, form_class: type[forms.Form], act: Callable[[Any, dict[str, Any]], Any]
    ) -> Response:
        """What an act on a row answers: the row, held, and what the form made of the body, go to `act`."""
        refuse_unknown(request, ())
        body = self.body(self.action)
        form = form_class(body.read(request.data))
        if not form.is_valid():
            raise refused(form, body)
        with transaction.atomic():
            held = self._held(request)
            try:
                return self.answer(request, act(held, form.cleaned_data), 200)
            except DomainError as error:
                raise publicly(error, body) from error

    def body(self, act: str) -> Body:
        return body_of_form(VoidForm) if act == "void" else super().body(act)


def body_of_form(form: type[forms.Form]) -> Body:
    """All fields of a form, each needed."""
    return Body([member_of(name, name, field, is_required=True) for name, field in form.base_fields.items()])


def _key_of(value: Any, path: str) -> Any:
    """What a path to a key column compares with: `company__code` with the code of the company."""
    _field, _sep, attribute = path.partition("__")
    return getattr(value, attribute) if attribute else value
