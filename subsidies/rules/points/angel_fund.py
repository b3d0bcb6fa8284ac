"""Point 5, angel fund: an investment in a technology project of a young company (policy, point 5).

A company is no older than five years up to and including its fifth anniversary. Whether a project is technology
research is for the panel to score.
"""

from subsidies.rules.amounts import Fixed, Least, Of
from subsidies.rules.criteria import All, Is
from subsidies.rules.operands import TODAY, Later
from subsidies.rules.points.gate import GATE
from subsidies.rules.points.point import Per, Point
from subsidies.rules.text import gettext_noop as _

ANGEL_FUND = Point(
    "angel_fund",
    _("Angel fund"),
    Per.ONCE,
    All(
        *GATE,
        Is(
            "young_enough",
            Later("founded_on", "angel_fund.max_age_years", times=12),
            ">=",
            TODAY,
            label=_("The company is young enough"),
            cure="never",
        ),
        Is("convincing", "angel_score", ">=", parameter="angel_fund.score", label=_("Scored high enough by the panel")),
        Is("not_invested_before", "angel_invested", "==", False, label=_("Not invested in before"), cure="never"),
    ),
    Least(
        _("Investment"),
        Of(_("Amount requested"), "angel_requested"),
        Fixed(_("At most for a project"), "angel_fund.project_cap"),
    ),
)
