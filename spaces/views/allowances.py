"""The page of allowances: what a stage or a company may use of the rooms each month."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.access import SignedInRequest, staff_required
from companies.fields import lists_of
from core.acting import attempt, done
from core.listing import turned
from spaces.forms.rooms import AllowanceForm
from spaces.models import Allowance
from spaces.permissions import KEEPS_SPACES, can_keep_rooms
from spaces.services import allowances as services
from spaces.tables.rooms import AllowanceTable


@staff_required()
@require_http_methods(["GET", "POST"])
def allowances(request: SignedInRequest) -> HttpResponse:
    """All rows, the newest first; officers add to them."""
    may_grant = can_keep_rooms(request.user)
    form = AllowanceForm(request.POST or None)
    if request.method == "POST":
        if not may_grant:
            raise PermissionDenied
        if form.is_valid():
            made = attempt(form, lambda: services.grant_credits(**form.values(), by=request.user))
            if made:
                messages.success(request, _("Saved."))
                return redirect("spaces:allowances")
    rows = Allowance.objects.select_related("company", "campus")
    context = {
        "table": turned(request, AllowanceTable(rows, may_withdraw=may_grant)),
        "form": form,
        "may_grant": may_grant,
        "suggestions": lists_of(form),
    }
    return render(request, "spaces/allowances.html", context)


@staff_required(KEEPS_SPACES)
@require_POST
def allowance_withdraw(request: SignedInRequest, pk: int) -> HttpResponse:
    """Take a row back."""
    found = get_object_or_404(Allowance, pk=pk)
    return done(
        request, reverse("spaces:allowances"), _("The allowance was taken back."),
        lambda _said: services.withdraw_allowance(allowance=found, by=request.user),
    )  # fmt: skip
