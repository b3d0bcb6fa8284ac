"""Files that prove a report: attached, downloaded by whoever may see the report, and taken back."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.access import SignedInRequest, sign_in_required
from companies import permissions
from companies.models import Evidence
from companies.records.forms import VoidForm
from companies.reporting.forms import EvidenceForm
from companies.services import evidence as services
from companies.views.reports import PAGES
from core.acting import attempt, done

# A download is no page of the portal, whatever is in it: it is saved, never opened or kept by a cache.
PRIVATE = {
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "private, no-store",
    "Content-Security-Policy": "default-src 'none'; sandbox",
}


@sign_in_required
@require_POST
def attach(request: SignedInRequest, pk: int) -> HttpResponse:
    """Attach a file to a report."""
    report = PAGES.fetch(request.user, pk)
    if not permissions.can_change_report(request.user, report):
        raise PermissionDenied

    def act(typed: Any) -> object:
        file = typed["file"]
        return services.attach(report=report, name=file.name, content=file.read(), by=request.user)

    form = EvidenceForm(request.POST, request.FILES)
    return done(request, PAGES.url(report), _("The file was attached."), act, form)


@sign_in_required
@require_GET
def download(request: SignedInRequest, public_id: Any) -> HttpResponse:
    """The file as it was attached; one that was taken back is for staff alone."""
    found = _seen(request, public_id)
    headers = {**PRIVATE, "Content-Disposition": content_disposition_header(True, found.name) or "attachment"}
    return HttpResponse(bytes(found.content), content_type=found.media_type, headers=headers)


@sign_in_required
@require_http_methods(["GET", "POST"])
def take_back(request: SignedInRequest, public_id: Any) -> HttpResponse:
    """Say why a file proves nothing after all."""
    found = _seen(request, public_id)
    if found.voided_at is not None:
        raise Http404
    report = found.report
    if not permissions.can_change_report(request.user, report):
        raise PermissionDenied
    form, url = VoidForm(request.POST or None), reverse("companies:report", args=[report.pk])
    if request.method == "POST" and form.is_valid():
        reason = form.cleaned_data["reason"]
        if attempt(form, lambda: services.take_back(evidence=found, reason=reason, by=request.user)):
            messages.success(request, _("The file was taken back."))
            return redirect(url)
    context = {
        "form": form, "title": _("Take this file back?"), "lead": found.name, "button": _("Take back"),
        "tone": "danger", "cancel_url": url, "crumbs": PAGES.crumbs(request.user, report),
    }  # fmt: skip
    return render(request, "records/form.html", context)


def _seen(request: SignedInRequest, public_id: Any) -> Any:
    files = Evidence.objects.visible_to(request.user).select_related("report__company")
    if not request.user.is_staff_member:
        files = files.valid().filter(report__voided_at=None)
    return get_object_or_404(files, public_id=public_id)
