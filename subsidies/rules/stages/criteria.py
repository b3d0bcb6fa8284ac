"""What each stage asks for (policy, "The four stages").

A stage is a `Point` without an amount. The bands of revenue touch: at exactly the middle revenue either band will do,
and "above" the high one is more than it. Where a zone asks for less growth of a smaller company, no band reaches into
the next one.
"""

from subsidies.rules.criteria import All, Any, Is
from subsidies.rules.operands import TODAY, AtLeast, Later
from subsidies.rules.points.point import Per, Point
from subsidies.rules.text import gettext_noop as _

KINDS = ("company", "team", "anchor")
INCORPORATED = Is("incorporated", "kind", "!=", "team", label=_("Incorporated as a company"), own=True)

NESTLING = Point(
    "nestling",
    _("Nestling"),
    Per.ONCE,
    Is("admitted", "kind", "in", KINDS, label=_("Admitted as a team or a company")),
)

CHICK = Point(
    "chick",
    _("Chick"),
    Per.ONCE,
    All(
        INCORPORATED,
        Any(
            Is("product_in_use", "product_in_use", "==", True, label=_("A product is in use"), own=True),
            Is(
                "revenue_reached",
                "recent_revenue",
                ">=",
                parameter="stages.chick.revenue",
                label=_("Enough revenue in the last months"),
                own=True,
            ),
            Is(
                "investment_reached",
                AtLeast("outside_investment", "known_investment", "stages.chick.outside_investment"),
                ">=",
                parameter="stages.chick.outside_investment",
                label=_("Enough outside investment"),
                own=True,
            ),
        ),
    ),
)


def _revenue(key: str, op: str, parameter: str, label: str) -> Is:
    return Is(key, "yearly_revenue", op, parameter=f"stages.growing.{parameter}", label=label, own=True)  # type: ignore[arg-type]


def _growth(key: str, parameter: str, label: str) -> Is:
    return Is(key, "revenue_growth", ">=", parameter=f"stages.growing.{parameter}", label=label, own=True)


GROWING = Point(
    "growing",
    _("Growing"),
    Per.ONCE,
    All(
        INCORPORATED,
        Is(
            "young_enough",
            Later("founded_on", "stages.growing.max_age_years", times=12),
            ">=",
            TODAY,
            label=_("The company is young enough"),
            cure="never",
        ),
        Any(
            All(
                Is(
                    "years_of_growth",
                    Later("founded_on", "stages.growing.growth_years", times=12),
                    "<=",
                    TODAY,
                    label=_("Old enough to have grown for the years that count"),
                    cure="time",
                ),
                Any(
                    All(
                        _revenue("revenue_low", ">=", "revenue_low", _("Revenue in the lowest band or above")),
                        _revenue("revenue_low_most", "<=", "revenue_middle", _("Revenue not above the lowest band")),
                        _growth("growth_low", "growth_low", _("Growth that the lowest band asks for")),
                    ),
                    All(
                        _revenue("revenue_middle", ">=", "revenue_middle", _("Revenue in the middle band or above")),
                        _revenue("revenue_middle_most", "<=", "revenue_high", _("Revenue not above the middle band")),
                        _growth("growth_middle", "growth_middle", _("Growth that the middle band asks for")),
                    ),
                    All(
                        _revenue("revenue_high", ">", "revenue_high", _("Revenue in the highest band")),
                        _growth("growth_high", "growth_high", _("Growth that the highest band asks for")),
                    ),
                ),
            ),
            Is(
                "venture_capital_reached",
                AtLeast("venture_capital", "known_venture_capital", "stages.growing.venture_capital"),
                ">=",
                parameter="stages.growing.venture_capital",
                label=_("Enough venture capital in the last years"),
                own=True,
            ),
        ),
    ),
)

UNICORN = Point(
    "unicorn",
    _("Unicorn"),
    Per.ONCE,
    All(
        INCORPORATED,
        Is(
            "young_enough",
            Later("founded_on", "stages.unicorn.max_age_years", times=12),
            ">=",
            TODAY,
            label=_("The company is young enough"),
            cure="never",
        ),
        Is("privately_invested", "funding_rounds", ">", 0, label=_("Privately invested"), own=True),
        Is("not_listed", "listed", "==", False, label=_("Not listed on a stock exchange")),
        Is(
            "valued_above",
            "valuation_usd",
            ">",
            parameter="stages.unicorn.valuation",
            label=_("Valued above the threshold"),
        ),
        Is("no_bad_credit", "bad_credit", "==", False, label=_("No bad credit record")),
    ),
)
