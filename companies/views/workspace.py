"""A company's workspace: its facts, its people, its way into the zone; what the apps above know is loaded into it."""

from typing import cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.access import sign_in_required
from accounts.models import User
from companies.forms import ProfileForm, renew_revision
from companies.models import Company
from companies.permissions import can_change_profile, can_manage_people
from companies.services import register
from companies.timeline import lines_of
from core.acting import show_refusal
from core.errors import DomainError
from core.periods import today


@sign_in_required
@require_GET
def home(request: HttpRequest, code: str) -> HttpResponse:
    """The overview for the company's people; staff may look over their shoulder."""
    user = cast("User", request.user)
    leads_to = Company.objects.visible_to(user).filter(aliases__code=code).first()
    if leads_to is not None and not user.is_staff_member:
        return redirect("workspace:home", leads_to.code)
    company = get_object_or_404(
        Company.objects.visible_to(user).select_related("application").defer("search_text", "search"), code=code
    )
    application = getattr(company, "application", None)
    context = {
        "company": company,
        "members": company.memberships.select_related("user").order_by("role", "user__name", "pk"),
        "stages": company.stage_changes.select_related("by").order_by("-since", "-pk"),
        "lines": lines_of(application) if application else [],
        "may_edit": can_change_profile(user, company),
        "may_manage": can_manage_people(user, company),
    }
    return render(request, "workspace/home.html", context)


@sign_in_required
@require_GET
def facts(request: HttpRequest, code: str) -> HttpResponse:
    """What the policy rests on, kind by kind; each part comes from its own app."""
    company = get_object_or_404(Company.objects.visible_to(cast("User", request.user)), code=code)
    return render(request, "workspace/facts.html", {"company": company})


@sign_in_required
@require_http_methods(["GET", "POST"])
def profile(request: HttpRequest, code: str) -> HttpResponse:
    """What the owner says about the company himself."""
    user = cast("User", request.user)
    company = get_object_or_404(Company.objects.visible_to(user), code=code)
    if not can_change_profile(user, company):
        raise PermissionDenied
    initial = {"name_zh": company.name_zh, "website": company.website, "revision": company.revision}
    form = ProfileForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        typed = form.cleaned_data
        values = {"name_zh": typed["name_zh"], "website": typed["website"]}
        try:
            register.change_company(company=company, values=values, revision=typed["revision"], by=user, on=today())
        except DomainError as error:
            show_refusal(form, error)
            renew_revision(form, company)
        else:
            messages.success(request, _("Saved."))
            return redirect("workspace:home", company.code)
    return render(request, "workspace/profile.html", {"company": company, "form": form})
