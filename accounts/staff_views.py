"""Pages on which staff hand out roles and machine keys."""

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import services
from accounts.access import SignedInRequest, staff_required
from accounts.forms import GrantForm, KeyForm
from accounts.models import ApiKey, RoleGrant, StaffRole, User
from accounts.permissions import GRANTS_ROLES, MANAGES_KEYS
from core.errors import DomainError, NotAllowed


@staff_required()
@require_http_methods(["GET", "POST"])
def staff(request: SignedInRequest) -> HttpResponse:
    """Who works for the zone in which role. All staff read it; approvers grant and revoke."""
    may_grant = request.user.has_role(GRANTS_ROLES)
    form = GrantForm(request.POST or None) if may_grant else None
    if request.method == "POST":
        done = _grant(request, form)
        if done:
            return redirect("accounts:staff")
    grants = RoleGrant.objects.select_related("granted_by").order_by("role")
    people = (
        User.objects.filter(pk__in=RoleGrant.objects.values("user"))
        .prefetch_related(Prefetch("role_grants", queryset=grants))
        .order_by("name", "email")
    )
    return render(request, "accounts/staff.html", {"people": people, "form": form, "may_grant": may_grant})


def _grant(request: SignedInRequest, form: GrantForm | None) -> bool:
    """Give the role that the form names; False with the reasons on the form. Whoever has no form may not."""
    if form is None:
        raise NotAllowed(_("An approver grants and revokes roles, and nobody his own."))
    if not form.is_valid():
        return False
    user, role = form.cleaned_data["email"], form.cleaned_data["role"]
    try:
        services.grant_role(user=user, role=role, by=request.user)
    except DomainError as error:
        form.add_error(None, str(error))
        return False
    messages.success(
        request,
        _("%(person)s has the role “%(role)s” now.") % {"person": user.display_name, "role": StaffRole(role).label},
    )
    return True


@staff_required(GRANTS_ROLES)
@require_POST
def revoke_role(request: SignedInRequest, pk: int) -> HttpResponse:
    grant = get_object_or_404(RoleGrant.objects.select_related("user"), pk=pk)
    services.revoke_role(user=grant.user, role=grant.role, by=request.user)
    messages.success(request, _("The role was taken back."))
    return redirect("accounts:staff")


@staff_required(*MANAGES_KEYS)
@require_http_methods(["GET", "POST"])
def keys(request: SignedInRequest) -> HttpResponse:
    """The machine keys. A new one's token is in the answer to the request that makes it, and nowhere else."""
    form = KeyForm(request.POST or None)
    token, made = "", None
    if request.method == "POST" and form.is_valid():
        try:
            made, token = services.create_key(
                **form.service_arguments(), now=timezone.now(), created_by=request.user, by=request.user
            )
            form = KeyForm()
        except DomainError as error:
            form.add_error(None, str(error))
    rows = ApiKey.objects.select_related("created_by")
    response = render(
        request,
        "accounts/keys.html",
        {"keys": rows, "form": form, "token": token, "made": made, "now": timezone.now()},
    )
    response["Cache-Control"] = "no-store"
    return response


@staff_required(*MANAGES_KEYS)
@require_POST
def revoke_key(request: SignedInRequest, public_id: str) -> HttpResponse:
    key = get_object_or_404(ApiKey, public_id=public_id)
    services.revoke_key(key=key, now=timezone.now(), by=request.user)
    messages.success(request, _("%(name)s opens nothing any more.") % {"name": key.name})
    return redirect("accounts:keys")
