"""The policy as it is in force: its points in words, and every number with its source."""

from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from accounts.access import public
from core.periods import today
from subsidies import policy
from subsidies.models import PolicyVersion
from subsidies.rules.catalogue import STAGE_CODES
from subsidies.rules.parameters import Parameter
from subsidies.rules.points import POINTS
from subsidies.values import value_of


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
            "points": [_entry(version, code) for code in POINTS],
            "stages": [_entry(version, code) for code in STAGE_CODES],
            "groups": _groups(version),
            "assumed": version.parameters.filter(provenance="assumed").count(),
            "others": published.exclude(pk=version.pk).order_by("-effective_from"),
        }
    return render(request, "subsidies/policy.html", context)


def _entry(version: PolicyVersion, code: str) -> dict[str, str]:
    return {"code": code, "name": policy.words(version, code, "name"), "clause": policy.words(version, code, "clause")}


def _groups(version: PolicyVersion) -> list[dict[str, Any]]:
    """The parameters by the point or stage that they belong to, in the order of the policy."""

    def head(parameter: Parameter) -> str:
        first, *rest = parameter.name.split(".")
        return rest[0] if first == "stages" and len(rest) > 1 else first

    found = policy.parameter_set(version).parameters.values()
    return [
        {"code": code, "name": policy.words(version, code, "name"), "parameters": [_shown(p) for p in parameters]}
        for code, parameters in groupby(found, key=head)
    ]


def _shown(parameter: Parameter) -> dict[str, Any]:
    steps = parameter.value if isinstance(parameter.value, tuple) else ()
    return {
        "name": parameter.name,
        "value": value_of(parameter),
        "steps": [(step.day, step.value) for step in steps],
        "provenance": str(parameter.provenance),
        "source": parameter.source,
    }
