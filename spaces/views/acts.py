"""What is done to a lease from its page: declare it void."""

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, staff_required
from core.errors import Conflict, Incomplete
from spaces import services
from spaces.forms import VoidLeaseForm
from spaces.models import Lease
from spaces.permissions import KEEPS_SPACES


@staff_required(KEEPS_SPACES)
@require_POST
def lease_void(request: SignedInRequest, number: str) -> HttpResponse:
    """The lease was entered in error."""
    lease = get_object_or_404(Lease.objects.visible_to(request.user), number=number)
    form = VoidLeaseForm(request.POST, prefix="void")
    if form.is_valid():
        try:
            services.void_lease(lease=lease, reason=form.cleaned_data["reason"], by=request.user)
            messages.success(request, _("The lease was declared void."))
        except (Incomplete, Conflict) as error:
            messages.error(request, str(error))
    return _back(request, lease, form)


def _back(request: SignedInRequest, lease: Lease, form: Form) -> HttpResponse:
    for field in form:
        for told in field.errors:
            messages.error(request, f"{field.label}: {told}")
    return redirect("spaces:lease_detail", lease.number)
