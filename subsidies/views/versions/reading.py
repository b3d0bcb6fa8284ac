"""Versions to read: the list of them, one in full, what is different between two, and a version as a file."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET

from accounts.access import public
from core.periods import today
from subsidies import permissions, policy
from subsidies.choices import PolicyState
from subsidies.differences import differences
from subsidies.models import PolicyVersion
from subsidies.rules import pack
from subsidies.rules.catalogue import STAGE_CODES
from subsidies.rules.points import POINTS
from subsidies.sections import entries, sections
from subsidies.services import gate
from subsidies.services.drafts import FIRST_DAY
from subsidies.views.versions.fetching import TONES, standing, version_of


@public
@require_GET
def versions(request: HttpRequest) -> HttpResponse:
    """All versions that the visitor may see, the latest first day first."""
    day = today()
    found = PolicyVersion.objects.visible_to(request.user).with_ends().order_by("-effective_from", "-pk")
    rows = [
        {"version": version, "state": (state := version.state_on(day)).label, "tone": TONES[state]} for version in found
    ]
    context = {"rows": rows, "may_edit": _may(request, permissions.can_edit_policy)}
    return render(request, "subsidies/versions/list.html", context)


@public
@require_GET
def version(request: HttpRequest, version: str) -> HttpResponse:
    """One version in full; for the staff also where it stands, and what they can do with it."""
    found = version_of(request, version)
    stands = standing(found, today())
    before = compared_with(request, found)
    context = {
        **stands,
        **body_of(found),
        "compared": before,
        "changes": differences(before, found) if before else [],
        "shows_people": permissions.can_read_drafts(request.user),
        **_acts(request, found, {problem.code for problem in stands["problems"]}),
    }
    return render(request, "subsidies/versions/detail.html", context)


def body_of(version: PolicyVersion) -> dict[str, Any]:
    """What a page needs to show all of a version."""
    parts = sections(version)
    return {
        "points": list(entries(version, tuple(POINTS))),
        "stages": list(entries(version, STAGE_CODES)),
        "groups": parts,
        "waiting": sum(section.waiting for section in parts),
    }


def _acts(request: HttpRequest, version: PolicyVersion, in_the_way: set[str]) -> dict[str, Any]:
    is_open = version.state != PolicyState.PUBLISHED
    edits = _may(request, permissions.can_edit_policy)
    approves = _may(request, permissions.can_approve_policy)
    publishes = _may(request, lambda user: permissions.can_publish_version(user, version))
    revisions = dict(version.edits.values_list("part", "revision")) if is_open else {}
    return {
        "simulates": is_open and permissions.can_read_drafts(request.user),
        "may_copy": edits,
        "may_edit": edits and is_open,
        "may_publish": is_open and not in_the_way and publishes,
        "approved_it": is_open and not publishes and _may(request, permissions.can_publish),
        "may_discard": edits and is_open and version.state != PolicyState.APPROVED,
        "may_approve": version.state == PolicyState.SIMULATED
        and not in_the_way & gate.BEFORE_APPROVAL
        and _may(request, lambda user: permissions.can_approve_version(user, version)),
        "may_withdraw": approves and version.state == PolicyState.APPROVED,
        "day_revision": revisions.get(FIRST_DAY, 0),
    }


def _may(request: HttpRequest, predicate: Any) -> bool:
    return bool(request.user.is_authenticated and predicate(request.user))


def compared_with(request: HttpRequest, version: PolicyVersion, name: str = "") -> PolicyVersion | None:
    """The version to compare one with: that of `name`, else what a draft would replace, or what a version replaced."""
    visible = PolicyVersion.objects.visible_to(request.user).prefetch_related("parameters")
    if name:
        return visible.filter(version=name).first()
    if version.state != PolicyState.PUBLISHED:
        return policy.in_force_on(today()) or version.copied_from
    earlier = visible.published().filter(effective_from__lt=version.effective_from)
    found: PolicyVersion | None = earlier.order_by("-effective_from").first()
    return found


@public
@require_GET
def version_differences(request: HttpRequest, version: str) -> HttpResponse:
    """What `version` says that `?from=` did not, and the other way round."""
    after = version_of(request, version)
    name = request.GET.get("from", "")
    before = compared_with(request, after, name)
    if name and before is None:
        raise Http404
    context = {
        "before": before,
        "after": after,
        "sections": differences(before, after) if before else [],
        "others": PolicyVersion.objects.visible_to(request.user).exclude(pk=after.pk).order_by("-effective_from"),
    }
    return render(request, "subsidies/versions/differences.html", context)


@public
@require_GET
def version_pack(request: HttpRequest, version: str) -> HttpResponse:
    """The version as a policy pack."""
    found = version_of(request, version)
    name = f"{found.policy}-{found.version}.yaml"
    headers = {"Content-Disposition": content_disposition_header(True, name)}
    return HttpResponse(pack.dumps(policy.pack_of(found)), content_type="text/yaml; charset=utf-8", headers=headers)
