"""One version of the policy for the one who asks, and what its pages say about where it stands."""

import datetime as dt
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest

from core.markup import Tone
from subsidies.choices import PolicyState
from subsidies.models import PolicyVersion
from subsidies.services import gate

TONES: dict[str, Tone] = {
    PolicyState.DRAFT: "quiet",
    PolicyState.SIMULATED: "info",
    PolicyState.APPROVED: "wait",
    PolicyState.PUBLISHED: "good",
    PolicyState.SUPERSEDED: "quiet",
}


def version_of(request: HttpRequest, name: str) -> PolicyVersion:
    """The version of this name: 404 for a stranger to drafts, 403 for staff who have nothing to do with them."""
    user, versions = request.user, PolicyVersion.objects.filter(version=name)
    people = ("copied_from", "created_by", "edited_by", "approved_by", "published_by")
    visible = versions.visible_to(user).with_ends().select_related(*people).prefetch_related("parameters")
    found: PolicyVersion | None = visible.first()
    if found is not None:
        return found
    if user.is_authenticated and user.is_staff_member and versions.exists():
        raise PermissionDenied
    raise Http404


def standing(version: PolicyVersion, on: dt.date) -> dict[str, Any]:
    """How far a version is on a day, and for a draft what stands in the way of its publication."""
    state = version.state_on(on)
    is_open = version.state != PolicyState.PUBLISHED
    return {
        "version": version,
        "state": state.label,
        "tone": TONES[state],
        "is_open": is_open,
        "problems": gate.problems(version, on) if is_open else [],
    }
