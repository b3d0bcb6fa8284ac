"""The staff's page of pairs that may be one company: how alike they are and why; merge them, or tell them apart."""

from typing import cast

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.access import staff_required
from accounts.models import User
from companies.forms import ReasonForm
from companies.models import Company, Distinction, Likeness
from companies.permissions import KEEPS_REGISTER
from companies.services import likeness
from companies.tables import LikenessTable
from core.acting import done
from core.listing import turned

TOLD = 20  # the last pairs that somebody told apart


@staff_required(KEEPS_REGISTER)
@require_GET
def doubles(request: HttpRequest) -> HttpResponse:
    """Pairs of which nobody said yet what they are, the most alike first; and the last that were told apart."""
    table = LikenessTable(Likeness.objects.to_be_judged().select_related("one", "other"), csrf=get_token(request))
    turned(request, table)
    told = Distinction.objects.select_related("one", "other", "by")[:TOLD]
    return render(request, "companies/doubles.html", {"table": table, "told": told})


@staff_required(KEEPS_REGISTER)
@require_POST
def search(request: HttpRequest) -> HttpResponse:
    """Have the whole register searched."""
    likeness.request_search(by=cast("User", request.user))
    messages.success(request, _("The register is being searched. Pairs appear here as they are found."))
    return redirect("companies:doubles")


@staff_required(KEEPS_REGISTER)
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """They may be one company after all."""
    user = cast("User", request.user)
    told = get_object_or_404(Distinction.objects.visible_to(user).select_related("one", "other"), pk=pk)
    return done(
        request, "companies:doubles", _("They are compared again."),
        lambda _typed: likeness.take_back(distinction=told, by=user),
    )  # fmt: skip


@staff_required(KEEPS_REGISTER)
@require_POST
def tell_apart(request: HttpRequest, one: str, other: str) -> HttpResponse:
    """They are two companies: not proposed again."""
    user = cast("User", request.user)
    first, second = (get_object_or_404(Company.objects.visible_to(user), code=code) for code in (one, other))
    return done(
        request, "companies:doubles", _("%(one)s and %(other)s are two companies.") % {"one": one, "other": other},
        lambda typed: likeness.tell_apart(one=first, other=second, reason=typed["reason"], by=user),
        ReasonForm(request.POST),
    )  # fmt: skip
