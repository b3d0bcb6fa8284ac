"""Point 4, leading project: an award for a project that a panel recognises as leading, once a project (policy, point
4).
"""

from subsidies.rules.amounts import Choose, Fixed
from subsidies.rules.criteria import All, Is
from subsidies.rules.points.gate import GATE
from subsidies.rules.points.point import Per, Point
from subsidies.rules.text import gettext_noop as _

LEADING_PROJECT = Point(
    "leading_project",
    _("Award for a leading project"),
    Per.ONCE,
    All(
        *GATE,
        Is(
            "recognised",
            "leading_score",
            ">=",
            parameter="leading_project.score",
            label=_("Recognised as leading by the panel"),
        ),
        Is(
            "not_awarded_before",
            "leading_awarded",
            "==",
            False,
            label=_("The project was not awarded before"),
            cure="never",
        ),
    ),
    Choose(
        _("Award for a leading project"),
        Is("top_score", "leading_score", ">=", parameter="leading_project.top_score", label=_("Scored at the top")),
        Fixed(_("Award at the top score"), "leading_project.top_award"),
        Fixed(_("Award"), "leading_project.award"),
    ),
)
