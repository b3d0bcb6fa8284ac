"""Pages of cohorts: the list, one with its companies, and the forms."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_required
from community.cohorts import members_of, memberships
from community.forms.cohorts import CohortForm, MemberForm
from community.models import Cohort
from community.permissions import KEEPS_SUPPORT, can_keep_support
from community.services import cohorts as services
from community.tables.cohorts import CohortTable, MemberTable
from companies.fields import lists_of
from companies.models import Company
from companies.records.forms import VoidForm
from core.acting import attempt, done
from core.listing import turned


@staff_required()
@require_GET
def cohorts(request: SignedInRequest) -> HttpResponse:
    """All cohorts that are not void."""
    found = Cohort.objects.visible_to(request.user).valid()
    sizes = dict(memberships()["cohort"].value_counts().iter_rows())
    context = {
        "table": turned(request, CohortTable(found, sizes=sizes)),
        "may_keep": can_keep_support(request.user),
    }
    return render(request, "community/cohorts.html", context)


@staff_required()
@require_GET
def cohort(request: SignedInRequest, pk: int) -> HttpResponse:
    """One cohort and who is in it."""
    found = _cohort(request, pk)
    may_keep = can_keep_support(request.user) and found.voided_at is None
    by_hand = set(found.members.values_list("company", flat=True))
    form = MemberForm()
    context = {
        "cohort": found,
        "table": turned(request, MemberTable(members_of(found), cohort=found, by_hand=by_hand, may_keep=may_keep)),
        "may_keep": may_keep,
        "form": form,
        "suggestions": lists_of(form),
    }
    return render(request, "community/cohort.html", context)


@staff_required(KEEPS_SUPPORT)
@require_http_methods(["GET", "POST"])
def cohort_new(request: SignedInRequest) -> HttpResponse:
    form = CohortForm(request.POST or None, is_new=True)
    act = lambda: services.enter_cohort(values=form.cleaned_data, by=request.user)  # noqa: E731
    return _form_page(request, form, act, title=_("Enter a cohort"), back=reverse("community:cohorts"))


@staff_required(KEEPS_SUPPORT)
@require_http_methods(["GET", "POST"])
def cohort_change(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _cohort(request, pk)
    initial = {name: getattr(found, name) for name in ("name", "name_zh", "name_de", "arrived_from", "arrived_until")}
    form = CohortForm(request.POST or None, initial=initial, is_new=False)
    act = lambda: services.change_cohort(cohort=found, values=form.cleaned_data, by=request.user)  # noqa: E731
    return _form_page(request, form, act, title=str(found), back=_page(found))


@staff_required(KEEPS_SUPPORT)
@require_http_methods(["GET", "POST"])
def cohort_void(request: SignedInRequest, pk: int) -> HttpResponse:
    found = _cohort(request, pk)
    form = VoidForm(request.POST or None)
    act = lambda: services.void_cohort(cohort=found, reason=form.cleaned_data["reason"], by=request.user)  # noqa: E731
    words = {"title": _("Declare this cohort void?"), "button": _("Declare void"), "tone": "danger"}
    return _form_page(request, form, act, back=_page(found), **words)


@staff_required(KEEPS_SUPPORT)
@require_POST
def cohort_add(request: SignedInRequest, pk: int) -> HttpResponse:
    """Put a company into it."""
    found = _cohort(request, pk)
    return done(
        request, _page(found), _("The company is in the cohort."),
        lambda said: services.add_member(cohort=found, company=said["company"], by=request.user),
        MemberForm(request.POST),
    )  # fmt: skip


@staff_required(KEEPS_SUPPORT)
@require_POST
def cohort_remove(request: SignedInRequest, pk: int, code: str) -> HttpResponse:
    """Take a company out that was put in by hand."""
    found, company = _cohort(request, pk), get_object_or_404(Company, code=code)
    return done(
        request, _page(found), _("The company was taken out."),
        lambda _said: services.remove_member(cohort=found, company=company, by=request.user),
    )  # fmt: skip


def _form_page(request: SignedInRequest, form: Any, act: Any, *, back: str, **words: Any) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        saved = attempt(form, act)
        if saved is not None:
            messages.success(request, _("Saved."))
            return redirect(_page(saved))
    context = {
        "button": _("Save"), "tone": "primary", "lead": "", "form": form, "cancel_url": back, "suggestions": [],
        "crumbs": [(_("Cohorts"), reverse("community:cohorts"))], **words,
    }  # fmt: skip
    return render(request, "records/form.html", context)


def _page(cohort: Cohort) -> str:
    return reverse("community:cohort", args=[cohort.pk])


def _cohort(request: SignedInRequest, pk: int) -> Cohort:
    found: Cohort = get_object_or_404(Cohort.objects.visible_to(request.user), pk=pk)
    return found
