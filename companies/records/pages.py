"""The pages of a kind of record: the staff's list, a company's part, one record, and a form for each act.

What somebody sees is decided in the fetch, what he may do by the kind's predicates. Each form is one thing on a page,
prefilled, and saved by one call of a service.
"""

from collections.abc import Callable, Sequence
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, sign_in_required, staff_required
from companies.models import Company
from companies.permissions import KEEPS_REGISTER
from companies.records.forms import VoidForm
from companies.records.history import history_of
from companies.records.kinds import RecordKind
from core.acting import attempt
from core.htmx import wants_fragment
from core.listing import as_file, asked_format, is_exported, turned
from core.periods import today

Crumbs = Sequence[tuple[Any, str]]
reads, writes = require_GET, require_http_methods(["GET", "POST"])


class RecordPages:
    """The views of one kind, and their addresses."""

    def __init__(self, kind: RecordKind):
        self.kind = kind

    def urls(self) -> list[URLPattern]:
        """A record's number may hold any character, slashes too: it ends the address."""
        kind, key = self.kind, "<int:key>" if self.kind.key == "pk" else "<path:key>"
        signed_in, staff, officers = sign_in_required, staff_required(), staff_required(KEEPS_REGISTER)
        found = [
            path(f"{kind.plural}/", staff(reads(self.listing)), name=kind.plural),
            path(f"{kind.plural}/{key}/", signed_in(reads(self.record)), name=kind.name),
            path(f"{kind.name}-new/", officers(writes(self.create)), name=f"{kind.name}_new"),
            path(f"{kind.name}-change/{key}/", signed_in(writes(self.change)), name=f"{kind.name}_change"),
        ]
        if kind.void:
            found.append(path(f"{kind.name}-void/{key}/", signed_in(writes(self.void)), name=f"{kind.name}_void"))
        if kind.company:
            part, new = f"companies/<str:code>/{kind.plural}/", f"companies/<str:code>/{kind.name}-new/"
            found.append(path(part, signed_in(reads(self.of_company)), name=f"company_{kind.plural}"))
            found.append(path(new, signed_in(writes(self.create_for)), name=f"company_{kind.name}_new"))
        return found

    # --- Reading

    def listing(self, request: SignedInRequest) -> HttpResponse:
        """All records of the filter; `?format=csv` or `xlsx` gives them as a file to import."""
        kind = self.kind
        found = kind.filters(request.GET, kind.model.objects.visible_to(request.user))
        if suffix := asked_format(request, kind.plural):
            return as_file(kind.plural, suffix, found.qs, kind.columns, today())
        context = {
            "kind": kind,
            "filter": found,
            "table": turned(request, kind.table(kind.rows(found.qs))),
            "enter_url": reverse(kind.route(f"{kind.name}_new")) if kind.may_enter(request.user, None) else "",
            "is_exported": is_exported(kind.plural),
        }
        return render(request, "records/list.html", context)

    def of_company(self, request: SignedInRequest, code: str) -> HttpResponse:
        """A company's valid records: a part of its pages, or a page of its own."""
        kind, company = self.kind, self._company(request, code)
        records = kind.rows(kind.model.objects.visible_to(request.user).valid().filter(company=company))
        table = kind.table(records, exclude=kind.hidden_in_part, prefix=f"{kind.plural}-")
        may_enter = kind.may_enter(request.user, company)
        context = {
            "kind": kind,
            "company": company,
            "table": turned(request, table),
            "enter_url": reverse(kind.route(f"company_{kind.name}_new"), args=[code]) if may_enter else "",
        }
        template = "records/of_company.html"
        return render(request, f"{template}#part" if wants_fragment(request) else template, context)

    def record(self, request: SignedInRequest, key: Any) -> HttpResponse:
        """One record: its facts, for staff its history, and what the visitor may do with it."""
        kind, found, user = self.kind, self._record(request, key), request.user
        is_valid = getattr(found, "voided_at", None) is None
        context = {
            "kind": kind,
            "record": found,
            "company": getattr(found, kind.company) if kind.company else None,
            "crumbs": self._crumbs(request, found)[:-1],
            "state": kind.state(found),
            "facts": kind.facts(found),
            "history": history_of(found) if user.is_staff_member else None,
            "may_change": is_valid and kind.may_change(user, found),
            "change_url": self._url("change", found),
            "void_url": self._url("void", found) if kind.void else "",
            "acts": kind.acts(user, found) if is_valid else (),
        }
        return render(request, "records/record.html", context | kind.more(user, found))

    # --- Acts

    def create(self, request: SignedInRequest) -> HttpResponse:
        """Enter a record of a company that is named on the form."""
        return self._create(request, None)

    def create_for(self, request: SignedInRequest, code: str) -> HttpResponse:
        """Enter a record of a company."""
        return self._create(request, self._company(request, code))

    def _create(self, request: SignedInRequest, company: Company | None) -> HttpResponse:
        kind = self.kind
        if not kind.may_enter(request.user, company):
            raise PermissionDenied
        form = kind.form(request.POST or None, user=request.user, company=company)
        return self.form_page(
            request,
            form,
            lambda: kind.enter(form.values(), company or form.cleaned_data.get("company"), request.user),
            title=kind.words.enter,
            crumbs=self._way(request, company),
        )

    def change(self, request: SignedInRequest, key: Any) -> HttpResponse:
        """Correct what was entered."""
        kind, found = self.kind, self._to_change(request, key)
        form = kind.form(request.POST or None, user=request.user, record=found)
        return self.form_page(
            request,
            form,
            lambda: kind.change(found, form.values(), request.user),
            title=f"{kind.words.change} {found}",
            crumbs=self._crumbs(request, found),
        )

    def void(self, request: SignedInRequest, key: Any) -> HttpResponse:
        """It was entered in error: the page asks why, and says what follows."""
        kind, found = self.kind, self._to_change(request, key)
        form, void = VoidForm(request.POST or None), kind.void
        if void is None:
            raise PermissionDenied
        return self.form_page(
            request,
            form,
            lambda: void(found, form.cleaned_data["reason"], request.user),
            title=kind.words.void,
            crumbs=self._crumbs(request, found),
            lead=_("For what was entered in error: it counts as if it had never been. It cannot be undone."),
            button=_("Declare void"),
            tone="danger",
            done=_("It was declared void."),
        )

    def form_page(
        self,
        request: SignedInRequest,
        form: Form,
        act: Callable[[], Any],
        *,
        title: Any,
        crumbs: Crumbs,
        lead: Any = "",
        button: Any = "",
        tone: str = "primary",
        done: Any = "",
    ) -> HttpResponse:
        """A page with one form. It is answered by `act`, which returns a record; then that record's page follows."""
        if request.method == "POST" and form.is_valid():
            saved = attempt(form, act)
            if saved is not None:
                messages.success(request, done or _("Saved."))
                return redirect(self.url(saved))
        context = {
            "form": form, "title": title, "crumbs": crumbs, "lead": lead, "button": button or _("Save"), "tone": tone,
            "cancel_url": crumbs[-1][1], "asks_for_company": "company" in form.fields,
        }  # fmt: skip
        return render(request, "records/form.html", context)

    # --- What and where

    def url(self, record: Any) -> str:
        """Where the record is shown."""
        return reverse(self.kind.route(self.kind.name), args=[getattr(record, self.kind.key)])

    def fetch(self, request: SignedInRequest, key: Any) -> Any:
        """The record, for acts of the kind's own; 404 for whoever does not see it, and for a void one."""
        found = self._record(request, key)
        if getattr(found, "voided_at", None) is not None:
            return get_object_or_404(self.kind.model.objects.none())
        return found

    def crumbs(self, request: SignedInRequest, record: Any) -> Crumbs:
        """The way to the record."""
        return self._crumbs(request, record)

    def _url(self, act: str, record: Any) -> str:
        return reverse(self.kind.route(f"{self.kind.name}_{act}"), args=[getattr(record, self.kind.key)])

    def _company(self, request: SignedInRequest, code: str) -> Any:
        return get_object_or_404(Company.objects.visible_to(request.user), code=code)

    def _record(self, request: SignedInRequest, key: Any) -> Any:
        rows = self.kind.rows(self.kind.model.objects.visible_to(request.user))
        return get_object_or_404(rows, **{self.kind.key: key})

    def _to_change(self, request: SignedInRequest, key: Any) -> Any:
        found = self.fetch(request, key)
        if not self.kind.may_change(request.user, found):
            raise PermissionDenied
        return found

    def _way(self, request: SignedInRequest, company: Company | None) -> Crumbs:
        """To the list for staff, for founders to what they have told about their company."""
        if request.user.is_staff_member:
            return [(self.kind.words.many, reverse(self.kind.route(self.kind.plural)))]
        code = company.code if company else ""
        return [(_("Facts for the policy"), reverse("workspace:facts", args=[code]) if code else reverse("home"))]

    def _crumbs(self, request: SignedInRequest, record: Any) -> Crumbs:
        company = getattr(record, self.kind.company) if self.kind.company else None
        return [*self._way(request, company), (str(record), self.url(record))]
