"""Point 1, settlement: part of the documented costs of starting up, once, within a year of moving in (policy, point
1).

Costs from before moving in count; later ones than a year after it do not, and spoil no other (`rules.costs`).
"""

from subsidies.rules.amounts import Fixed, Least, Of, Share
from subsidies.rules.criteria import All, Is
from subsidies.rules.points.gate import GATE
from subsidies.rules.points.point import Per, Point
from subsidies.rules.text import gettext_noop as _

SETTLEMENT = Point(
    "settlement",
    _("Settlement support"),
    Per.ONCE,
    All(
        *GATE,
        Is(
            "costs_documented",
            "setup_costs_documented",
            ">",
            0,
            label=_("Costs of starting up are documented"),
            own=True,
        ),
        Is(
            "costs_in_time",
            "setup_costs_in_time",
            ">",
            0,
            label=_("The costs were paid soon enough after moving in"),
            cure="never",
        ),
        Is(
            "costs_not_paid_before",
            "setup_costs",
            ">",
            0,
            label=_("The costs were not subsidised by another point"),
            own=True,
        ),
        Is("not_granted_before", "setup_costs_granted", "==", False, label=_("Not granted before"), cure="never"),
    ),
    Least(
        _("Settlement support"),
        Share(_("Share of the documented costs"), Of(_("Costs that count"), "setup_costs"), "settlement.share"),
        Fixed(_("At most for a company"), "settlement.cap"),
    ),
)
