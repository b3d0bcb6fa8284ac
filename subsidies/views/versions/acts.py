"""What is done with a draft as a whole: approve it, withdraw that, publish it, discard it, let it begin later."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.access import SignedInRequest, staff_required
from core.errors import DomainError
from core.periods import today
from subsidies import permissions
from subsidies.forms import DayForm
from subsidies.services import approvals, drafts, policies
from subsidies.views.versions.fetching import version_of


@staff_required(permissions.APPROVES_POLICY)
@require_POST
def approve(request: SignedInRequest, version: str) -> HttpResponse:
    """Approve what the page showed: the form carries its hash."""
    found = version_of(request, version)
    content = request.POST.get("content", "")
    return _done(
        request,
        version,
        lambda: approvals.approve_version(version=found, content=content, by=request.user),
        _("Version %(version)s is approved. A policy editor can publish it."),
    )


@staff_required(permissions.APPROVES_POLICY)
@require_POST
def withdraw(request: SignedInRequest, version: str) -> HttpResponse:
    """Take an approval back."""
    found = version_of(request, version)
    return _done(
        request,
        version,
        lambda: approvals.withdraw_approval(version=found, by=request.user),
        _("The approval of version %(version)s is withdrawn."),
    )


@staff_required(permissions.EDITS_POLICY)
@require_POST
def publish(request: SignedInRequest, version: str) -> HttpResponse:
    """Put the version in force."""
    found = version_of(request, version)
    return _done(
        request,
        version,
        lambda: policies.publish_version(version=found, on=today(), by=request.user),
        _("Version %(version)s is published. All companies are being decided again."),
    )


@staff_required(permissions.EDITS_POLICY)
@require_POST
def discard(request: SignedInRequest, version: str) -> HttpResponse:
    """Delete a draft that nobody approved."""
    found = version_of(request, version)
    try:
        drafts.discard_draft(version=found, by=request.user)
    except DomainError as refused:
        messages.error(request, str(refused))
        return redirect("subsidies:version", version)
    messages.success(request, _("The draft %(version)s was discarded.") % {"version": version})
    return redirect("subsidies:versions")


@staff_required(permissions.EDITS_POLICY)
@require_POST
def change_day(request: SignedInRequest, version: str) -> HttpResponse:
    """Let the draft begin on another day."""
    found = version_of(request, version)
    form = DayForm(request.POST)
    if not form.is_valid():
        for field in form:
            for told in field.errors:
                messages.error(request, f"{field.label}: {told}")
        return redirect("subsidies:version", version)
    day, revision = form.cleaned_data["effective_from"], form.cleaned_data["revision"] or 0
    return _done(
        request,
        version,
        lambda: drafts.change_day(version=found, effective_from=day, revision=revision, by=request.user),
        _("The first day of version %(version)s was changed."),
    )


def _done(request: SignedInRequest, name: str, act: Callable[[], object], told: str) -> HttpResponse:
    """Back to the version's page, which says what was done or why it was not."""
    try:
        act()
        messages.success(request, told % {"version": name})
    except DomainError as refused:
        messages.error(request, str(refused))
    return redirect("subsidies:version", name)
