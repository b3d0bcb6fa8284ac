"""Try values of a draft: every change of a number asks again, and the page answers with what it would mean.

The values that are tried are part of the address: a link to it shows somebody else the same.
"""

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.http import HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.access import SignedInRequest, staff_required
from core.errors import DomainError
from core.htmx import wants_fragment
from core.periods import today
from subsidies import policy
from subsidies.choices import PolicyChange, PolicyState
from subsidies.forms import SimulationForm
from subsidies.models import PolicyVersion
from subsidies.querysets import READS_DRAFTS
from subsidies.rules.catalogue import BOUNDS
from subsidies.rules.parameters import STEPS, Parameter
from subsidies.rules.points import POINTS
from subsidies.services import trials
from subsidies.views.simulations.reading import simulating
from subsidies.views.versions.fetching import version_of

MOST_DIGITS = 24

DECIDES_NOTHING = frozenset({"yearly_budget", "projects_per_year"})  # what the zone means to spend, and on how many


@dataclass(frozen=True)
class Slider:
    """One number that can be dragged: where it stands, and between what. `law` is what is in force today."""

    name: str
    unit: str
    value: Decimal
    drafted: Decimal
    law: Decimal | None
    low: Decimal
    high: Decimal
    step: Decimal

    @property
    def id(self) -> str:
        return f"try-{self.name.replace('.', '-')}"


@staff_required(*READS_DRAFTS)
@require_GET
def try_values(request: SignedInRequest, version: str) -> HttpResponse:
    """What the draft would decide with the values of the address on the day `on`, by default its first day or today,
    whichever is later."""
    found = version_of(request, version)
    if found.state == PolicyState.PUBLISHED:
        return redirect("subsidies:version", version)
    offered = simulating(request, found)
    form = SimulationForm(request.GET)
    day = (form.cleaned_data["on"] if form.is_valid() else None) or offered["own_day"]
    values, problems = _values(request.GET, found)
    problems += [str(told) for told in form.errors.get("on", [])]
    context: dict[str, Any] = {"version": found, "on": day, "problems": problems, "trial": None}
    if not problems:
        context |= _tried(found, values, day)
    if wants_fragment(request):
        return render(request, "subsidies/simulations/_trial.html", context)
    context |= {"groups": list(_groups(found, values)), **offered}
    return render(request, "subsidies/simulations/try.html", context)


def _tried(version: PolicyVersion, values: Mapping[str, Decimal], day: dt.date) -> dict[str, Any]:
    try:
        trial = trials.try_values(version=version, values=values, on=day)
    except DomainError as refused:
        told = [text for texts in refused.fields.values() for text in texts] or [str(refused)]
        return {"problems": told}
    kinds = {kind.value: kind.label for kind in PolicyChange}
    rows: list[dict[str, Any]] = [
        {
            "point": point,
            "name": policy.words(version, point.point, "name"),
            "changes": [(kind, kinds[kind], count) for kind, count in point.changes.items() if count],
        }
        for point in trial.points
    ]
    return {"trial": trial, "rows": rows, "names": {row["point"].point: row["name"] for row in rows}}


def _values(sent: QueryDict, version: PolicyVersion) -> tuple[dict[str, Decimal], list[str]]:
    """The values of the address that differ from the draft's, and what cannot be read. Unknown names are told."""
    known = {parameter.name: parameter for parameter in _numbers(version)}
    values, problems = {}, []
    for name, text in sent.items():
        if name == "on":
            continue
        if name not in known:
            problems.append(_("There is no number called %(name)s.") % {"name": str(name)})
            continue
        number = _read(str(text))
        if number is None:
            problems.append(_("%(name)s: %(text)s is no number.") % {"name": name, "text": str(text)[:MOST_DIGITS]})
        elif number != known[name].value:
            values[name] = number
    return values, problems


def _read(text: str) -> Decimal | None:
    try:
        number = Decimal(text) if len(text) <= MOST_DIGITS else None
    except InvalidOperation:
        return None
    return number if number is not None and number.is_finite() else None


def _numbers(version: PolicyVersion) -> Iterator[Parameter]:
    """The parameters that a slider can hold: the numbers of the eight points, but for those that decide nothing."""
    for parameter in policy.parameter_set(version).parameters.values():
        code, _dot, name = parameter.name.partition(".")
        if code in POINTS and isinstance(parameter.value, Decimal) and name not in DECIDES_NOTHING:
            yield parameter


def _groups(version: PolicyVersion, values: Mapping[str, Decimal]) -> Iterator[dict[str, Any]]:
    law = policy.in_force_on(today())
    in_force = policy.parameter_set(law).parameters if law else {}
    sliders = [_slider(parameter, values, in_force.get(parameter.name)) for parameter in _numbers(version)]
    for code in POINTS:
        own = [slider for slider in sliders if slider.name.split(".")[0] == code]
        if own:
            name = policy.words(version, code, "name")
            yield {"code": code, "name": name, "sliders": own, "open": any(s.name in values for s in own)}


def _slider(parameter: Parameter, values: Mapping[str, Decimal], law: Parameter | None) -> Slider:
    drafted = parameter.value if isinstance(parameter.value, Decimal) else Decimal(0)
    in_force = law.value if law is not None and isinstance(law.value, Decimal) else None
    low, most = BOUNDS[parameter.unit]
    high = min(most, max(drafted, in_force or Decimal(0), Decimal(1)) * 3)
    value = values.get(parameter.name, drafted)
    step = _step(parameter.unit, high)
    return Slider(parameter.name, parameter.unit, value, drafted, in_force, low, max(high, value), step)


def _step(unit: str, high: Decimal) -> Decimal:
    """About three hundred steps from end to end, each a round number; a share and a score go by the whole."""
    if STEPS.get(unit, 1) == 1 or unit in {"%", "score"}:
        return Decimal(1)
    return max(Decimal(10) ** (high / 300).adjusted(), Decimal(1))
