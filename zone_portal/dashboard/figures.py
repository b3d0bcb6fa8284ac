"""The figures of the dashboard that have rows behind them: what each counts, in words, and the rows that it counts.

A figure and its rows follow one rule; tests hold the two together.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from companies.choices import Stage
from subsidies.rules.facts import FACTS
from zone_portal.dashboard import tables
from zone_portal.dashboard.figure import Figure
from zone_portal.dashboard.measures.figures import MEASURED
from zone_portal.dashboard.overview import premises, presence, relief, work


def _companies(rows: Callable[..., Any]) -> Callable[..., Any]:
    return lambda on, *chosen: presence.with_premises(rows(on, *chosen))


def _in_stage(on: dt.date, stage: str | None = None) -> Any:
    return presence.in_zone(on) if stage is None else presence.in_stage(on, stage)


FIGURES: dict[str, Figure] = {
    "in-zone": Figure(
        _("Companies in the zone"),
        _("Companies, teams and anchor companies with a lease or a desk on the day."),
        tables.CompanyRows,
        _companies(presence.in_zone),
    ),
    "moved-in": Figure(
        _("Moved in this month"),
        _("Companies with a lease or a desk on the day, and none at the end of the month before."),
        tables.CompanyRows,
        _companies(presence.moved_in),
    ),
    "moved-out": Figure(
        _("Moved out this month"),
        _("Companies with a lease or a desk at the end of the month before, and none on the day."),
        tables.CompanyRows,
        _companies(presence.moved_out),
    ),
    "stayed": Figure(
        _("Who stayed"),
        _(
            "Companies whose first lease or desk began twelve months before the day or earlier, and that are in the"
            " zone on the day. The share is theirs among all that came so long ago."
        ),
        tables.CompanyRows,
        _companies(presence.stayed),
    ),
    "left": Figure(
        _("Who left"),
        _(
            "Companies whose first lease or desk began twelve months before the day or earlier, and that have none on"
            " the day."
        ),
        tables.CompanyRows,
        _companies(presence.left),
    ),
    "stages": Figure(
        _("Companies by stage"),
        _(
            "Companies in the zone by the stage that they were in on the day; before the first stage entered for a"
            " company, that one counts."
        ),
        tables.CompanyRows,
        _companies(_in_stage),
        choose="stage",
        values={**dict(Stage.choices), "": _("no stage entered")},
    ),
    "let": Figure(
        _("Leases in force"),
        _("The area of the leases in force on the day, as a share of the area of all units that the zone has today."),
        tables.LeaseRows,
        premises.in_force,
    ),
    "leases-ending": Figure(
        _("Leases that end within 90 days"),
        _("Leases in force on the day whose last day comes within ninety days of it."),
        tables.LeaseRows,
        premises.ending,
    ),
    "reliefs-ending": Figure(
        _("Rent relief that runs out within six months"),
        _(
            "Companies that are eligible for rent relief on the day and whose window ends within six months. From the"
            " day after, they pay the whole rent. The amount is the relief of the month that was decided."
        ),
        tables.ReliefRows,
        relief.ending,
    ),
    "waiting": Figure(
        _("Applications that wait for the zone"),
        _("Applications that were sent, or sent again, and not answered by the end of the day."),
        tables.ApplicationRows,
        work.lying,
    ),
    "unknown": Figure(
        _("Decisions that lack a fact"),
        _(
            "Decisions in force at the end of the day with the outcome unknown, for want of a fact that can be entered"
            " in the portal. What waits for parts of the portal that hold no facts yet is not counted here."
        ),
        tables.DecisionRows,
        work.lacking,
        choose="missing",
        values={name: fact.label for name, fact in FACTS.items() if fact.held},
    ),
    **MEASURED,
}
