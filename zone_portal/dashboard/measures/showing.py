"""Protected figures (`measures.sheet`) as lines to read, in the present language: of today, or of a kept snapshot."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.text import capfirst
from django.utils.translation import gettext as _

from companies.choices import Stage
from core.markup import count, money, number, percent
from zone_portal.dashboard.measures.protection import REST
from zone_portal.dashboard.measures.support import OUTCOMES
from zone_portal.dashboard.measures.targets import unit_of
from zone_portal.dashboard.models import TargetFigure


@dataclass(frozen=True)
class Line:
    """`value` is "" where the figure is withheld; `note` says of how many companies it is, or where it comes from."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Section:
    title: str
    lines: list[Line]
    note: str = ""


@dataclass(frozen=True)
class Shown:
    day: dt.date
    least: int
    sections: list[Section]


def shown(sheet: Mapping[str, Any]) -> Shown:
    """The sections in the order in which they are read; one without a line is left out."""
    sections = [
        Section(_("Targets of the plan"), [_target(row) for row in sheet["targets"]]),
        Section(_("The zone"), list(_figures(sheet["figures"]))),
        Section(_("Companies by stage"), [Line(_stage(key), str(count(size))) for key, size in sheet["stages"]]),
        Section(_("Companies by industry"), [Line(_industry(key), str(count(n))) for key, n in sheet["industries"]]),
        Section(
            _("How far companies came"),
            [Line(_stage(key), _counted(size)) for key, size in sheet["funnel"]],
            _("Companies that came to the zone by this day and have been in the stage or in a higher one."),
        ),
        Section(
            _("Time in the stage"),
            [_time(row) for row in sheet["times"]],
            _("The median time until a move to a higher stage, estimated by Kaplan and Meier."),
        ),
        Section(
            _("What was given, and what became of it"),
            [Line(_outcome(key), _yuan(given), _companies(size)) for key, size, given in sheet["effects"]],
            _(
                "Companies that came a year before this day or earlier. What was given and what became of it stand"
                " side by side: one need not be the cause of the other."
            ),
        ),
    ]
    kept = [section for section in sections if section.lines]
    return Shown(dt.date.fromisoformat(sheet["day"]), sheet["least"], kept)


def _figures(figures: Mapping[str, Any]) -> Iterable[Line]:
    named = {
        "companies": (_("Companies in the zone"), _number),
        "stayed": (_("Who stayed, of those that came a year ago or earlier"), _share),
        "jobs": (_("Jobs"), _number),
        "output": (_("Output of twelve months"), _yuan),
        "growth": (_("Revenue growth of the same companies"), _share),
        "abroad": (_("Companies from abroad"), _share),
        "exports": (_("Revenue from exports"), _share),
        "anchored": (_("Companies that work with an anchor company"), _number),
        "crossing_relations": (_("Relations between culture and technology"), _number),
        "crossing_projects": (_("Scored projects that cross the two"), _number),
        "given": (_("Support given since January"), _yuan),
    }
    for key, (label, write) in named.items():
        figure = figures[key]
        yield Line(label, write(figure["value"]), _coverage(figure))


def _coverage(figure: Mapping[str, Any]) -> str:
    if "of" in figure:
        words = {"told": count(figure["told"]), "of": count(figure["of"])}
        return _("known of %(told)s of %(of)s companies") % words
    return _companies(figure["told"]) if "told" in figure else ""


def _companies(size: int | None) -> str:
    return _("of %(count)s companies") % {"count": count(size)} if size is not None else ""


def _target(row: Mapping[str, Any]) -> Line:
    unit = unit_of(row["figure"])
    words = {
        "target": write_value(row["value"], unit), "year": row["year"], "source": row["source"],
    }  # fmt: skip
    label = capfirst(str(TargetFigure(row["figure"]).label))
    return Line(label, write_value(row["reached"], unit), _("of %(target)s by %(year)s (%(source)s)") % words)


def write_value(value: str | Decimal | None, unit: str) -> str:
    """A value of a target in its unit; "" where there is none."""
    if value is None:
        return ""
    exact = Decimal(value)
    if unit == "money":
        return money(exact)
    return percent(exact / 100) if unit == "percent" else number(exact)


def _time(row: list[Any]) -> Line:
    stage, median, times = row
    note = _("of %(count)s times in it") % {"count": count(times)} if times else ""
    return Line(_stage(stage), _("%(months)s months") % {"months": number(Decimal(median), 1)} if median else "", note)


def _stage(key: str) -> str:
    if key == REST:
        return _("Other stages, together")
    return capfirst(str(Stage(key).label if key else _("no stage entered")))


def _industry(key: str) -> str:
    return _("Other industries, together") if key == REST else key or capfirst(_("not known"))


def _outcome(key: str) -> str:
    return _("Others, together") if key == REST else capfirst(str(OUTCOMES[key]))


def _counted(value: int | None) -> str:
    return "" if value is None else str(count(value))


def _number(value: str | None) -> str:
    return "" if value is None else number(Decimal(value))


def _share(value: str | None) -> str:
    return "" if value is None else percent(Decimal(value))


def _yuan(value: str | None) -> str:
    return "" if value is None else money(Decimal(value))
