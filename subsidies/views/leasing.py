"""What an act on a lease, or a letting, would do to the rent relief: a part of the page of its form, or a page of its
own without script."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_required
from core.errors import DomainError
from core.htmx import wants_fragment
from core.periods import today
from spaces.forms import LettingForm
from spaces.lives.forms import ActForm
from spaces.lives.views import act_on
from spaces.permissions import KEEPS_SPACES
from subsidies import leasing
from subsidies.rules.errors import RuleError


@staff_required(KEEPS_SPACES)
@require_GET
def lease_relief(request: SignedInRequest, act: str, number: str) -> HttpResponse:
    """With what was typed into the form of the act so far."""
    found, lease = act_on(request, act, number)
    context = {"act": found, "lease": lease, **_reckoned(found.form(request.GET, lease=lease))}
    template = "subsidies/lease_relief.html"
    return render(request, f"{template}#part" if wants_fragment(request) else template, context)


@staff_required(KEEPS_SPACES)
@require_GET
def letting_relief(request: SignedInRequest) -> HttpResponse:
    """With what was typed into the form of a new lease or an offer so far."""
    template = "subsidies/lease_relief.html"
    context = _reckoned(LettingForm(request.GET))
    return render(request, f"{template}#part" if wants_fragment(request) else template, context)


def _reckoned(form: ActForm | LettingForm) -> dict[str, Any]:
    if not form.is_valid():
        return {}
    try:
        return {"relief": leasing.relief_of(form.plan(), on=today())}
    except DomainError as refused:
        return {"refusal": str(refused)}
    except RuleError as refused:
        return {"refusal": _("The relief cannot be reckoned: %(reason)s") % {"reason": refused}}
