"""Point 8, activities: part of the costs of events around AI+ for market, brand and cooperation (policy, point 8)."""

from subsidies.rules.amounts import Fixed, Least, Of, Rest, Share
from subsidies.rules.criteria import All, Is
from subsidies.rules.points.gate import GATE
from subsidies.rules.points.point import Per, Point
from subsidies.rules.text import gettext_noop as _

ACTIVITIES = Point(
    "activities",
    _("Support for activities"),
    Per.YEAR,
    All(
        *GATE,
        Is(
            "activity_costs_documented",
            "activity_costs_documented",
            ">",
            0,
            label=_("Costs of activities are documented"),
            own=True,
        ),
        Is(
            "activity_costs_not_paid_before",
            "activity_costs",
            ">",
            0,
            label=_("The costs were not subsidised before"),
            own=True,
        ),
    ),
    Least(
        _("Support for activities"),
        Share(_("Share of the documented costs"), Of(_("Costs that count"), "activity_costs"), "activities.share"),
        Rest(
            _("Left of the yearly maximum"),
            Fixed(_("At most for a company and year"), "activities.yearly_cap"),
            Of(_("Granted this year"), "activities_granted_this_year"),
        ),
    ),
)
