"""Point 5, angel fund: an investment in a technology project of a young company (policy, point 5).

A company is no older than five years up to and including its fifth anniversary. Whether a project is technology
research is for the panel to score. Each project that it scores high enough counts with what it requests, up to the
maximum (`rules.projects`).
"""

from subsidies.rules.amounts import Of, Sum, Times
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
        Is("project_proposed", "angel_projects", ">", 0, label=_("A project is proposed for the fund"), own=True),
        Is("not_invested_before", "angel_uninvested", ">", 0, label=_("Not invested in before"), own=True),
        Is("convincing", "angel_score", ">=", parameter="angel_fund.score", label=_("Scored high enough by the panel")),
    ),
    Sum(
        _("Investment"),
        (
            Times(_("Projects that request the maximum or more"), "angel_at_cap", "angel_fund.project_cap"),
            Of(_("Requested for smaller projects"), "angel_below_cap"),
        ),
    ),
)
