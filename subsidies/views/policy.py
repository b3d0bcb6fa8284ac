"""The policy as it is in force: its points in words, and every number with its source."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import public
from core.periods import today
from subsidies import policy
from subsidies.models import PolicyVersion
from subsidies.views.versions.reading import body_of


@public
@require_GET
def policy_page(request: HttpRequest) -> HttpResponse:
    """The version in force today, or the first one to come; open to everybody, as the policy is published."""
    day = today()
    published = PolicyVersion.objects.published()
    version = policy.in_force_on(day) or published.order_by("effective_from").first()
    context: dict[str, Any] = {"version": version}
    if version is not None:
        context |= {
            "is_in_force": version.effective_from <= day,
            **body_of(version),
            "others": published.exclude(pk=version.pk).order_by("-effective_from"),
        }
    return render(request, "subsidies/policy.html", context)
