"""The staff's pages of the register: table, company, form."""

import tempfile
from typing import Any, cast

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_tables2 import RequestConfig

from accounts.access import staff_required
from accounts.models import User
from companies import exports, forms
from companies.choices import MergeState
from companies.duplicates import Duplicate, find_duplicates
from companies.filters import CompanyFilterSet
from companies.history import history_of
from companies.models import Company, Relation
from companies.permissions import KEEPS_REGISTER, can_keep_register, can_merge
from companies.services import register
from companies.tables import CompanyTable
from core.acting import show_refusal
from core.errors import Conflict, DomainError
from core.htmx import wants_fragment
from core.periods import today

OFFERED = 20
PAGE_SIZES = (25, 50, 100)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@staff_required()
@require_GET
def companies(request: HttpRequest) -> HttpResponse:
    """All companies, narrowed down, sorted and turned by the address; `export` gives all rows that match as a file."""
    user = cast("User", request.user)
    seen = Company.objects.visible_to(user).defer("search_text", "search")
    found = CompanyFilterSet(request.GET, queryset=seen, on=today())
    if "export" in request.GET:
        return _file(found.qs, request.GET["export"])
    table = CompanyTable(found.qs)
    RequestConfig(request, paginate={"per_page": _page_size(request)}).configure(table)
    context = {"filter": found, "table": table, "sizes": PAGE_SIZES, "may_edit": can_keep_register(user)}
    return render(request, "companies/list.html", context)


@staff_required()
@require_GET
def detail(request: HttpRequest, code: str) -> HttpResponse:
    """Everything the register holds about a company; leases and decisions come from the apps above."""
    user = cast("User", request.user)
    company = _company(request, code)
    context = {
        "company": company,
        "members": company.memberships.select_related("user").order_by("role", "user__name"),
        "relations": company.relations.select_related("other").order_by("kind", "other__code"),
        "related": company.relations_from.select_related("company").order_by("kind", "company__code"),
        "stages": company.stage_changes.select_related("by").order_by("-since", "-pk"),
        "application": getattr(company, "application", None),
        "relation_form": forms.RelationForm(),
        "aliases": company.aliases.order_by("code"),
        "is_archived": Company.objects.archived(today()).filter(pk=company.pk).exists(),
        "merge": company.merges.filter(state__in=[MergeState.PROPOSED, MergeState.DONE]).first(),
        "may_edit": can_keep_register(user) and company.merged_into is None,
        "may_merge": company.merged_into is None and can_merge(user, company),
    }
    return render(request, "companies/detail.html", context)


@staff_required()
@require_GET
def history(request: HttpRequest, code: str) -> HttpResponse:
    """The audit trail of a company, as a part of its page or a page of its own."""
    company = _company(request, code)
    template = "companies/_history.html" if wants_fragment(request) else "companies/history.html"
    return render(request, template, {"company": company, "steps": history_of(company)})


@staff_required(KEEPS_REGISTER)
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Enter a company; possible doubles are shown first, and saved over only by a second click."""
    form = forms.CompanyForm(request.POST or None, initial={"kind": "company", "country": "CN"})
    found: list[Duplicate] = []
    if request.method == "POST" and form.is_valid():
        found = _doubles(form.cleaned_data) if "anyway" not in request.POST else []
        if not found:
            company = _saved(request, form, None)
            if company is not None:
                return redirect("companies:detail", company.code)
    return render(request, "companies/form.html", {"form": form, "duplicates": found})


@staff_required(KEEPS_REGISTER)
@require_http_methods(["GET", "POST"])
def edit(request: HttpRequest, code: str) -> HttpResponse:
    company = _company(request, code)
    form = forms.CompanyForm(request.POST or None, initial=forms.initial_of(company))
    if request.method == "POST" and form.is_valid():
        saved = _saved(request, form, company)
        if saved is not None:
            return redirect("companies:detail", saved.code)
    return render(request, "companies/form.html", {"form": form, "company": company})


@staff_required(KEEPS_REGISTER)
@require_GET
def duplicates(request: HttpRequest) -> HttpResponse:
    """What may be the same company, while it is typed."""
    other = Company.objects.filter(code=request.GET.get("editing", "")).first()
    return render(request, "companies/_duplicates.html", {"duplicates": _doubles(request.GET, other)})


@staff_required()
@require_GET
def offer(request: HttpRequest) -> HttpResponse:
    """Options for what is typed of a company's code or names."""
    words = request.GET.get("company", "").strip()
    seen = Company.objects.visible_to(cast("User", request.user)).current(today())
    found = (seen.filter(code__istartswith=words) | seen.search_for(words)).distinct()
    return render(request, "companies/_options.html", {"companies": found[:OFFERED] if words else []})


@staff_required(KEEPS_REGISTER)
@require_POST
def relate(request: HttpRequest, code: str) -> HttpResponse:
    company = _company(request, code)
    form = forms.RelationForm(request.POST)
    if form.is_valid():
        typed = form.cleaned_data
        try:
            register.add_relation(
                company=company, other=typed["other"], kind=typed["kind"], first=typed["since"], last=typed["until"],
                by=cast("User", request.user),
            )  # fmt: skip
            messages.success(request, _("The relation was added."))
        except DomainError as error:
            messages.error(request, str(error))
    else:
        messages.error(request, " ".join(str(error) for errors in form.errors.values() for error in errors))
    return redirect("companies:detail", company.code)


@staff_required(KEEPS_REGISTER)
@require_POST
def unrelate(request: HttpRequest, pk: int) -> HttpResponse:
    relation = get_object_or_404(Relation.objects.select_related("company", "other"), pk=pk)
    register.remove_relation(relation=relation, by=cast("User", request.user))
    messages.success(request, _("The relation was removed."))
    return redirect("companies:detail", relation.company.code)


def _company(request: HttpRequest, code: str) -> Any:
    return get_object_or_404(Company.objects.visible_to(cast("User", request.user)), code=code)


def _page_size(request: HttpRequest) -> int:
    asked = request.GET.get("per_page", "")
    return int(asked) if asked.isdecimal() and int(asked) in PAGE_SIZES else PAGE_SIZES[0]


def _doubles(typed: Any, other_than: Company | None = None) -> list[Duplicate]:
    fields = {name: str(typed.get(name) or "") for name in ("name", "name_zh", "uscc", "website")}
    return find_duplicates(**fields, other_than=other_than)


def _saved(request: HttpRequest, form: forms.CompanyForm, company: Company | None) -> Company | None:
    """One service call; what it refuses stands on the form. A stale page gets the present revision for a second try."""
    user, typed = cast("User", request.user), form.cleaned_data
    try:
        if company is None:
            saved = register.create_company(by=user, on=today(), reason=typed["reason"], **form.values())
        else:
            saved = register.change_company(
                company=company, values=form.values(), revision=typed["revision"], by=user, on=today(),
                reason=typed["reason"],
            )  # fmt: skip
    except DomainError as error:
        show_refusal(form, error)
        if isinstance(error, Conflict) and company is not None:
            forms.renew_revision(form, company)
        return None
    messages.success(request, _("%(name)s was saved.") % {"name": saved.name})
    return saved


def _file(found: QuerySet[Any], suffix: str) -> Any:
    if suffix == "csv":
        response = StreamingHttpResponse(exports.csv_lines(found), content_type="text/csv; charset=utf-8")
        response["Content-Disposition"] = 'attachment; filename="companies.csv"'
        return response
    if suffix != "xlsx":
        raise Http404
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    exports.write_xlsx(found, cast("Any", file))
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename="companies.xlsx", content_type=XLSX)
