"""People in a workspace or on an application: who they are, inviting, roles, leaving, accepting."""

from typing import Any, cast

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import sign_in_required
from accounts.models import User
from companies import forms
from companies.models import Application, Company, Invitation, Membership
from companies.permissions import can_manage_people, role_in
from companies.services import invitations, people
from core.errors import DomainError
from core.markup import plain_name


@sign_in_required
@require_http_methods(["GET", "POST"])
def of_company(request: HttpRequest, code: str) -> HttpResponse:
    """The people of a company; its owners invite."""
    company = _company(request, code)
    form = _invite_form(request, company)
    if request.method == "POST" and _invited(request, form, company):
        return redirect("workspace:people", company.code)
    context = {
        **_context(request, company, form),
        "company": company,
        "parts": company.memberships.select_related("user").order_by("role", "user__name", "pk"),
    }
    return render(request, "workspace/people.html", context)


@sign_in_required
@require_http_methods(["GET", "POST"])
def of_application(request: HttpRequest, public_id: Any) -> HttpResponse:
    """The people of an application, before there is a company."""
    own = Application.objects.filter(people__user=cast("User", request.user))
    application = get_object_or_404(own, public_id=public_id)
    form = _invite_form(request, application)
    if request.method == "POST" and _invited(request, form, application):
        return redirect("applications:colleagues", application.public_id)
    context = {
        **_context(request, application, form),
        "application": application,
        "name": plain_name(application),
        "parts": application.people.select_related("user").order_by("role", "user__name", "pk"),
    }
    return render(request, "applications/colleagues.html", context)


@sign_in_required
@require_POST
def change_role(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    membership = _membership(request, code, pk)
    form = forms.RoleForm(request.POST)
    if form.is_valid():
        try:
            people.change_role(membership=membership, role=form.cleaned_data["role"], by=cast("User", request.user))
            messages.success(request, _("The role was changed."))
        except DomainError as error:
            _refused(request, error)
    return redirect("workspace:people", code)


@sign_in_required
@require_POST
def remove(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Remove somebody, or leave."""
    membership = _membership(request, code, pk)
    leaves = membership.user_id == request.user.pk
    try:
        people.remove_member(membership=membership, by=cast("User", request.user))
    except DomainError as error:
        _refused(request, error)
        return redirect("workspace:people", code)
    messages.success(request, _("You have left the workspace.") if leaves else _("The person was removed."))
    return redirect("home") if leaves else redirect("workspace:people", code)


@sign_in_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, public_id: Any) -> HttpResponse:
    """The invited person's page: for whoever proved to own the address, 404 for everybody else."""
    user = cast("User", request.user)
    open_ones = Invitation.objects.for_user(user).select_related("company", "application", "invited_by")
    offered = get_object_or_404(open_ones, public_id=public_id)
    if request.method == "POST":
        invitations.accept_invitation(invitation=offered, by=user)
        messages.success(request, _("Welcome. You work here now."))
        thing = offered.thing
        if isinstance(thing, Company):
            return redirect("workspace:home", thing.code)
        return redirect("applications:status", thing.public_id)
    name = plain_name(offered.application) if offered.application else ""
    return render(request, "workspace/invitation.html", {"invitation": offered, "name": name})


@sign_in_required
@require_POST
def revoke(request: HttpRequest, public_id: Any) -> HttpResponse:
    """Take an invitation back. Who has no part in the company or application gets 404."""
    user = cast("User", request.user)
    found = get_object_or_404(Invitation.objects.select_related("company", "application"), public_id=public_id)
    thing = found.thing
    if not (can_manage_people(user, thing) or role_in(user, thing)):
        raise Http404
    try:
        invitations.revoke_invitation(invitation=found, by=user)
        messages.success(request, _("The invitation was taken back."))
    except DomainError as error:
        _refused(request, error)
    if isinstance(thing, Company):
        return redirect("workspace:people", thing.code)
    return redirect("applications:colleagues", thing.public_id)


def _company(request: HttpRequest, code: str) -> Company:
    return get_object_or_404(Company.objects.visible_to(cast("User", request.user)), code=code)


def _membership(request: HttpRequest, code: str, pk: int) -> Membership:
    return get_object_or_404(_company(request, code).memberships.select_related("company", "user"), pk=pk)


def _invite_form(request: HttpRequest, thing: Company | Application) -> forms.InviteForm | None:
    if not can_manage_people(cast("User", request.user), thing):
        return None
    return forms.InviteForm(request.POST or None)


def _invited(request: HttpRequest, form: forms.InviteForm | None, thing: Company | Application) -> bool:
    if form is None:
        raise PermissionDenied
    if not form.is_valid():
        return False
    typed = form.cleaned_data
    try:
        invitations.invite(thing=thing, email=typed["email"], role=typed["role"], by=cast("User", request.user))
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(request, _("%(email)s was invited by mail.") % {"email": typed["email"]})
    return True


def _context(request: HttpRequest, thing: Company | Application, form: forms.InviteForm | None) -> dict[str, Any]:
    return {
        "form": form,
        "may_manage": form is not None,
        "own_role": role_in(cast("User", request.user), thing),
        "open_invitations": Invitation.objects.open().filter(
            **{"application" if isinstance(thing, Application) else "company": thing}
        ),
        "roles": forms.RoleForm.base_fields["role"].choices,  # type: ignore[attr-defined]
    }


def _refused(request: HttpRequest, error: DomainError) -> None:
    if error.status == 403:
        raise PermissionDenied(str(error))
    messages.error(request, str(error))
