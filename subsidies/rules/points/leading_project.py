"""Point 4, leading project: an award for each project that a panel recognises as leading, once a project (policy, point
4).

Which projects count is worked out one by one (`rules.projects`); the score that is shown is that of the best.
"""

from subsidies.rules.amounts import Sum, Times
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
        Is("project_proposed", "leading_projects", ">", 0, label=_("A project is proposed as leading"), own=True),
        Is(
            "not_awarded_before",
            "leading_unawarded",
            ">",
            0,
            label=_("The project was not awarded before"),
            own=True,
        ),
        Is(
            "recognised",
            "leading_score",
            ">=",
            parameter="leading_project.score",
            label=_("Recognised as leading by the panel"),
        ),
    ),
    Sum(
        _("Awards for leading projects"),
        (
            Times(_("Awards at the top score"), "leading_top", "leading_project.top_award"),
            Times(_("Awards"), "leading_plain", "leading_project.award"),
        ),
    ),
)
