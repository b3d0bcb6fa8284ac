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
from accounts.models import User
from companies.fields import lists_of
from companies.models import Company
from companies.permissions import KEEPS_REGISTER
from companies.records.forms import RecordForm, VoidForm
from companies.records.history import history_of
from companies.records.kinds import RecordKind
from companies.records.parts import Crumb
from core.acting import attempt
from core.htmx import wants_fragment
from core.listing import as_file, asked_format, is_exported, turned
from core.periods import today

reads, writes = require_GET, require_http_methods(["GET", "POST"])


class RecordPages(RecordKind):
    """A kind with its views and their addresses."""

    def urls(self) -> list[URLPattern]:
        """A record's number may hold any character, slashes too: it ends the address. What is no company's, only
        officers change."""
        key = "<int:key>" if self.key == "pk" else "<path:key>"
        signed_in, staff, officers = sign_in_required, staff_required(), staff_required(KEEPS_REGISTER)
        changes = signed_in if self.company else officers
        found = [
            path(f"{self.plural}/", staff(reads(self.list_page)), name=self.plural),
            path(f"{self.plural}/{key}/", signed_in(reads(self.record_page)), name=self.name),
            path(f"{self.name}-new/", officers(writes(self.new_page)), name=f"{self.name}_new"),
            path(f"{self.name}-change/{key}/", changes(writes(self.change_page)), name=f"{self.name}_change"),
        ]
        if self.is_voidable:
            found.append(path(f"{self.name}-void/{key}/", changes(writes(self.void_page)), name=f"{self.name}_void"))
        if self.company:
            part, new = f"companies/<str:code>/{self.plural}/", f"companies/<str:code>/{self.name}-new/"
            found.append(path(part, signed_in(reads(self.part_page)), name=f"company_{self.plural}"))
            found.append(path(new, signed_in(writes(self.new_page_of)), name=f"company_{self.name}_new"))
        return found

    # --- Reading

    def list_page(self, request: SignedInRequest) -> HttpResponse:
        """All records of the filter; `?format=csv` or `xlsx` gives them as a file to import."""
        found = self.filters(request.GET, self.model.objects.visible_to(request.user))
        if suffix := asked_format(request, self.plural):
            return as_file(self.plural, suffix, found.qs, self.columns, today())
        context = {
            "kind": self,
            "filter": found,
            "table": turned(request, self.table(self.rows(found.qs))),
            "enter_url": reverse(self.route(f"{self.name}_new")) if self.may_enter(request.user, None) else "",
            "is_exported": is_exported(self.plural),
        }
        return render(request, "records/list.html", context)

    def part_page(self, request: SignedInRequest, code: str) -> HttpResponse:
        """A company's valid records: a part of its pages, or a page of its own."""
        company = _company(request, code)
        records = self.rows(self.model.objects.visible_to(request.user).valid().filter(company=company))
        table = self.table(records, exclude=("company",), prefix=f"{self.plural}-")
        may_enter = self.may_enter(request.user, company)
        context = {
            "kind": self,
            "company": company,
            "table": turned(request, table),
            "enter_url": reverse(self.route(f"company_{self.name}_new"), args=[code]) if may_enter else "",
        }
        template = "records/of_company.html"
        return render(request, f"{template}#part" if wants_fragment(request) else template, context)

    def record_page(self, request: SignedInRequest, key: Any) -> HttpResponse:
        """One record: its facts, for staff its history, and what the visitor may do with it."""
        found, user = self.seen(request.user, key), request.user
        is_valid = not self.is_voidable or found.voided_at is None
        context = {
            "kind": self,
            "record": found,
            "company": self.company_of(found),
            "crumbs": self.crumbs(user, found)[:-1],
            "state": self.state(found),
            "facts": self.facts(found),
            "history": history_of(found, self.parts) if user.is_staff_member else None,
            "may_change": is_valid and self.may_change(user, found),
            "change_url": self.url(found, "change"),
            "void_url": self.url(found, "void") if self.is_voidable else "",
            "acts": self.acts(user, found) if is_valid else (),
        }
        return render(request, "records/record.html", context | self.more(user, found))

    # --- Acts

    def new_page(self, request: SignedInRequest) -> HttpResponse:
        """Enter a record of a company that is named on the form."""
        return self._new(request, None)

    def new_page_of(self, request: SignedInRequest, code: str) -> HttpResponse:
        """Enter a record of a company."""
        return self._new(request, _company(request, code))

    def _new(self, request: SignedInRequest, company: Company | None) -> HttpResponse:
        if not self.may_enter(request.user, company):
            raise PermissionDenied
        form = self.new_form(request, company)
        return self.form_page(
            request,
            form,
            lambda: self.enter(form.values(), company or form.cleaned_data.get("company"), request.user),
            title=self.words.enter,
            crumbs=self._way_of_new(request.user, company),
        )

    def new_form(self, request: SignedInRequest, company: Company | None) -> RecordForm:
        """The form for a new record, as it was sent or as it begins."""
        return self.form(request.POST or None, user=request.user, company=company)

    def change_page(self, request: SignedInRequest, key: Any) -> HttpResponse:
        """Correct what was entered."""
        found = self._to_change(request, key)
        form = self.form(request.POST or None, user=request.user, record=found)
        return self.form_page(
            request,
            form,
            lambda: self.change(found, form.values(), request.user),
            title=f"{self.words.change} {found}",
            crumbs=self.crumbs(request.user, found),
        )

    def void_page(self, request: SignedInRequest, key: Any) -> HttpResponse:
        """It was entered in error: the page asks why, and says what follows."""
        found = self._to_change(request, key)
        form = VoidForm(request.POST or None)
        return self.form_page(
            request,
            form,
            lambda: self.void(found, form.cleaned_data["reason"], request.user),
            title=self.words.void,
            crumbs=self.crumbs(request.user, found),
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
        crumbs: Sequence[Crumb],
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
            "cancel_url": crumbs[-1][1], "suggestions": lists_of(form),
        }  # fmt: skip
        return render(request, "records/form.html", context)

    def _to_change(self, request: SignedInRequest, key: Any) -> Any:
        found = self.fetch(request.user, key)
        if not self.may_change(request.user, found):
            raise PermissionDenied
        return found

    def _way_of_new(self, user: User, company: Company | None) -> list[Crumb]:
        """Staff who began at a company go back to it."""
        if user.is_staff_member and company is not None:
            return [(company.code, reverse("companies:detail", args=[company.code]))]
        return self.way(user, company)


def _company(request: SignedInRequest, code: str) -> Any:
    return get_object_or_404(Company.objects.visible_to(request.user), code=code)
