"""Pages of support packages: the versions, one of them, the form of another, and a company's own list."""

from typing import Any

from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import SignedInRequest, sign_in_required, staff_required
from community import support
from community.filters.support import PackageFilter
from community.forms.packages import EndForm, ItemFormSet, PackageForm, items_as_they_are
from community.models import Delivery, SupportPackage
from community.permissions import KEEPS_SUPPORT, can_give_support, can_keep_support
from community.services import packages as services
from community.tables.support import PackageTable, state_of
from companies.choices import Stage
from companies.models import Company
from companies.records.forms import VoidForm
from companies.stages import stage_on
from core.acting import attempt
from core.htmx import wants_fragment
from core.listing import turned
from core.periods import today

LATEST = 5


@staff_required()
@require_GET
def support_packages(request: SignedInRequest) -> HttpResponse:
    """The versions of the filter; without one those that are in force or planned."""
    seen = SupportPackage.objects.visible_to(request.user).select_related("campus").annotate(items_count=Count("items"))
    found = PackageFilter(request.GET, seen, on=today())
    context = {
        "filter": found,
        "table": turned(request, PackageTable(found.qs, on=today())),
        "may_keep": can_keep_support(request.user),
    }
    return render(request, "community/support_packages.html", context)


@staff_required()
@require_GET
def support_package(request: SignedInRequest, pk: int) -> HttpResponse:
    """One version with its items, and the versions before and after it."""
    found, on = _package(request, pk), today()
    others = SupportPackage.objects.of(audience=found.audience, stage=found.stage, campus=found.campus_id)
    may_keep = can_keep_support(request.user) and found.voided_at is None
    context = {
        "package": found,
        "items": list(found.items.all()),
        "state": state_of(found, on),
        "versions": [(one, state_of(one, on)) for one in others.order_by("-valid")],
        "may_follow": can_keep_support(request.user),
        "may_withdraw": may_keep and found.since is not None and found.since > on,
        "may_end": may_keep and (found.until is None or found.until > on),
    }
    return render(request, "community/support_package.html", context)


@staff_required(KEEPS_SUPPORT)
@require_http_methods(["GET", "POST"])
def support_new(request: SignedInRequest) -> HttpResponse:
    """A new version; `?from=` starts with what another one says."""
    before = SupportPackage.objects.filter(pk=_number(request.GET.get("from", ""))).first()
    initial = {"audience": before.audience, "stage": before.stage, "campus": before.campus_id} if before else None
    form = PackageForm(request.POST or None, initial=initial)
    items: Any = ItemFormSet(request.POST or None, initial=items_as_they_are(before), prefix="items")
    if request.method == "POST" and _both_valid(form, items):
        made = attempt(
            form,
            lambda: services.bring_package(**form.cleaned_data, items=items.values(), by=request.user, on=today()),
        )
        if made is not None:
            messages.success(request, _("Saved."))
            return redirect("community:support_package", made.pk)
    return render(request, "community/support_form.html", {"form": form, "items": items, "before": before})


@staff_required(KEEPS_SUPPORT)
@require_http_methods(["GET", "POST"])
def support_end(request: SignedInRequest, pk: int) -> HttpResponse:
    """The last day of a version that none follows."""
    found = _package(request, pk)
    form = EndForm(request.POST or None)
    return _act(
        request, found, form,
        lambda: services.end_package(package=found, last=form.cleaned_data["last"], by=request.user, on=today()),
        title=_("End the package"), button=_("End"),
        lead=_("From the day after, companies have no such list until another version begins. What was given stays."),
    )  # fmt: skip


@staff_required(KEEPS_SUPPORT)
@require_http_methods(["GET", "POST"])
def support_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """A version that was planned does not come."""
    found = _package(request, pk)
    form = VoidForm(request.POST or None)
    return _act(
        request, found, form,
        lambda: services.withdraw_package(
            package=found, reason=form.cleaned_data["reason"], by=request.user, on=today()
        ),
        title=_("Withdraw the package"), button=_("Withdraw"),
        lead=_("It never comes into force; the version that it would have followed goes on."),
    )  # fmt: skip


@sign_in_required
@require_GET
def company_support(request: SignedInRequest, code: str) -> HttpResponse:
    """A company's own list: given, used, left, and what comes with the next stage. A page, and a part of others."""
    company = get_object_or_404(Company.objects.visible_to(request.user), code=code)
    on = today()
    stage = stage_on(company, on)
    following = support.next_stage(stage)
    package = support.package_for(company, stage, on)
    after = support.package_for(company, following, on) if following else None
    given = Delivery.objects.visible_to(request.user).valid().filter(company=company)
    context = {
        "company": company,
        "on": on,
        "stage": capfirst(str(Stage(stage).label)) if stage else "",
        "package": package,
        "lines": support.lines_of(company, package, on),
        "next": capfirst(str(Stage(following).label)) if after else "",
        "next_items": list(after.items.all()) if after else [],
        "given": given.select_related("item", "company")[:LATEST],
        "may_give": can_give_support(request.user, company) and company.merged_into_id is None,
    }
    template = "community/company_support.html"
    return render(request, f"{template}#part" if wants_fragment(request) else template, context)


def _package(request: SignedInRequest, pk: int) -> SupportPackage:
    seen = SupportPackage.objects.visible_to(request.user).select_related("campus", "created_by")
    found: SupportPackage = get_object_or_404(seen, pk=pk)
    return found


def _number(text: str) -> int:
    """A number of the address; 0, which no row has, for anything else."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def _both_valid(form: PackageForm, items: Any) -> bool:
    """Both are asked, so that one answer shows all that is wrong."""
    valid = [form.is_valid(), items.is_valid()]
    if not valid[1]:
        form.add_error(None, _("Some of the items cannot be saved as they are: see below."))
    return all(valid)


def _act(
    request: SignedInRequest, package: SupportPackage, form: Any, act: Any, *, title: str, button: str, lead: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid() and attempt(form, act) is not None:
        messages.success(request, _("Saved."))
        return redirect("community:support_package", package.pk)
    own = reverse("community:support_package", args=[package.pk])
    crumbs = [(_("Support packages"), reverse("community:support_packages")), (str(package), own)]
    context = {
        "form": form, "title": title, "crumbs": crumbs, "lead": lead, "button": button, "tone": "danger",
        "cancel_url": own, "suggestions": [],
    }  # fmt: skip
    return render(request, "records/form.html", context)
