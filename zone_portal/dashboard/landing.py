"""The public page: what the zone offers. Every figure on it is a parameter of the policy in force, with its provenance.

The texts are ours; no number is written here. A parameter that the version in force does not hold leaves its line out.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.access import public, sign_in_required
from companies.choices import Stage
from core.markup import percent, whole_money
from core.periods import today
from subsidies.choices import Point
from subsidies.models import PolicyParameter, PolicyVersion
from zone_portal.dashboard.navigation import home_for


@dataclass(frozen=True)
class Line:
    """One figure: `text` says `%(value)s` where it goes; the unit of its parameter says how it is written."""

    parameter: str
    text: Any = "%(value)s"


@dataclass(frozen=True)
class Offer:
    """A point of the policy as the page shows it: a headline figure, its words, and lines of detail."""

    point: Point
    icon: str
    figure: Line
    caption: Any
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Figure:
    """A figure as the template needs it; `provenance` is the code of where the number comes from."""

    text: str
    provenance: str


OFFERS = (
    Offer(
        Point.RENT_WAIVER,
        icon="building",
        figure=Line("rent_waiver.area_m2"),
        caption=_("of office without rent"),
        lines=(
            Line("rent_waiver.months", _("for %(value)s months from the day you settle")),
            Line("rent_waiver.share", _("%(value)s of the rent for this area")),
        ),
    ),
    Offer(
        Point.LOAN_INTEREST,
        icon="building-bank",
        figure=Line("loan_interest.principal_cap"),
        caption=_("of bank loans with supported interest"),
        lines=(
            Line("loan_interest.months", _("for %(value)s months from the first loan")),
            Line("loan_interest.share", _("%(value)s of the interest, up to the one-year prime rate")),
        ),
    ),
    Offer(
        Point.ANGEL_FUND,
        icon="seedling",
        figure=Line("angel_fund.yearly_budget"),
        caption=_("in an angel fund for technology projects such as AI"),
        lines=(
            Line("angel_fund.project_cap", _("up to %(value)s a project")),
            Line("angel_fund.projects_per_year", _("for about %(value)s projects a year")),
        ),
    ),
    Offer(
        Point.LEADING_PROJECT,
        icon="trophy",
        figure=Line("leading_project.top_award"),
        caption=_("for a project that a panel recognises as leading"),
        lines=(Line("leading_project.award", _("%(value)s on the first level of the award")),),
    ),
    Offer(
        Point.TALENT,
        icon="school",
        figure=Line("talent.award_a"),
        caption=_("for a talent of the highest class whom you employ"),
        lines=(
            Line("talent.award_e", _("%(value)s for the entry class")),
            Line("talent.yearly_cap", _("up to %(value)s a company and year")),
        ),
    ),
    Offer(
        Point.SETTLEMENT,
        icon="key",
        figure=Line("settlement.cap"),
        caption=_("towards registration, fit-out and equipment"),
        lines=(
            Line("settlement.share", _("%(value)s of your documented costs")),
            Line("settlement.months", _("within %(value)s months of moving in")),
        ),
    ),
    Offer(
        Point.AI_VOUCHERS,
        icon="cpu",
        figure=Line("ai_vouchers.share"),
        caption=_("of what you pay for models and computing power"),
        lines=(
            Line("ai_vouchers.small_company_share", _("up to %(value)s for small companies")),
            Line("ai_vouchers.model_yearly_cap", _("up to %(value)s a year for models")),
        ),
    ),
    Offer(
        Point.ACTIVITIES,
        icon="confetti",
        figure=Line("activities.share"),
        caption=_("of the costs of events for markets, brand and research"),
        lines=(Line("activities.yearly_cap", _("up to %(value)s a company and year")),),
    ),
)

UNITS: dict[str, Callable[[Decimal], str]] = {
    "%": lambda value: percent(value / 100),
    "CNY": whole_money,
    "m2": lambda value: f"{value.normalize():f} m²",
}

# The first look: what most founders come for
HERO = (Point.RENT_WAIVER, Point.LOAN_INTEREST, Point.ANGEL_FUND)


@public
@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """The public page, in the words of the policy version that is in force today."""
    version = _version_on(today())
    offers = list(_offers(version))
    hero = [offer for code in HERO for offer in offers if offer["code"] == code]
    stages = {code: _name(version, "stages", code, label) for code, label in Stage.choices}
    return render(request, "landing.html", {"version": version, "offers": offers, "hero": hero, "stages": stages})


@sign_in_required
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Where a sign-in ends: the page that this visitor works on."""
    return redirect(home_for(request.user))


def _version_on(day: dt.date) -> PolicyVersion | None:
    return PolicyVersion.objects.in_force_on(day).first()


def _offers(version: PolicyVersion | None) -> Iterator[dict[str, Any]]:
    """The eight points in the order of the page; without a version in force, their words without figures."""
    parameters = {row.name: row for row in version.parameters.all()} if version else {}
    for offer in OFFERS:
        yield {
            "code": offer.point,
            "name": _name(version, "points", offer.point, offer.point.label),
            "icon": offer.icon,
            "caption": offer.caption,
            "figure": _figure(offer.figure, parameters),
            "lines": [figure for line in offer.lines if (figure := _figure(line, parameters))],
        }


def _figure(line: Line, parameters: Mapping[str, PolicyParameter]) -> Figure | None:
    row = parameters.get(line.parameter)
    if row is None:
        return None
    write = UNITS.get(row.unit, lambda value: f"{value.normalize():f}")
    return Figure(str(line.text) % {"value": write(Decimal(str(row.value)))}, row.provenance)


def _name(version: PolicyVersion | None, kind: str, code: str, otherwise: Any) -> str:
    """What the policy itself calls a point or a stage, in the reader's language."""
    names = version.texts.get(kind, {}).get(code, {}).get("name", {}) if version else {}
    return str(names.get(get_language()) or otherwise)
