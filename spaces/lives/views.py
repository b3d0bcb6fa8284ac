"""The page of an act on a lease: its form, and beside it what it would change.

The same address shows the form, previews it (GET with what was typed; htmx takes the preview alone) and carries it out
(POST). What the relief becomes is shown by a part of the page that the app of the policy serves.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_http_methods

from accounts.access import SignedInRequest, staff_required
from companies.fields import lists_of
from core.acting import attempt
from core.errors import DomainError
from core.htmx import wants_fragment
from core.periods import DAY
from spaces.lives import plans, previews
from spaces.lives.acts import ACTS, Act
from spaces.lives.forms import ActForm
from spaces.models import Lease
from spaces.permissions import KEEPS_SPACES


@staff_required(KEEPS_SPACES)
@require_http_methods(["GET", "POST"])
def lease_act(request: SignedInRequest, act: str, number: str) -> HttpResponse:
    """Renew, change, move, split, merge or end a lease."""
    found, lease = act_on(request, act, number)
    if request.method == "POST":
        form = found.form(request.POST, lease=lease)
        after = attempt(form, lambda: form.carry_out(request.user)) if form.is_valid() else None
        if after is not None:
            messages.success(request, str(found.done))
            return redirect("spaces:lease_detail", after.number)
        return render(request, "spaces/act.html", _page(found, form) | {"preview": None})
    asked = bool(request.GET)
    form = found.form(request.GET if asked else None, lease=lease)
    if wants_fragment(request):
        return render(request, "spaces/_act_preview.html", {"preview": preview_of(form)})
    return render(request, "spaces/act.html", _page(found, form) | {"preview": preview_of(form) if asked else None})


def act_on(request: SignedInRequest, code: str, number: str) -> tuple[Act, Lease]:
    """The act and the valid lease that an address names."""
    if code not in ACTS:
        raise Http404
    return ACTS[code], get_object_or_404(Lease.objects.visible_to(request.user).valid().with_places(), number=number)


def _page(act: Act, form: ActForm) -> dict[str, Any]:
    return {
        "act": act,
        "title": str(act.title) % {"number": form.lease.number},
        "lease": form.lease,
        "form": form,
        "suggestions": lists_of(form),
    }


def preview_of(form: ActForm) -> dict[str, Any]:
    """What the form would do, or why it cannot be; neither while something is missing in it."""
    if not form.is_valid():
        return {}
    try:
        plan = form.plan()
        plans.refuse_contradictions(plan)
    except DomainError as refused:
        return {"refusal": str(refused)}
    return {"plan": plan, "last": plan.day - DAY, "months": previews.rents(plan)}
