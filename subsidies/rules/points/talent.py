"""Point 3, talent: an award for each recognised high-level talent employed in the company (policy, point 3).

Each talent counts when he has been employed long enough, whoever else has not (`rules.talents`).
"""

from subsidies.rules.amounts import Fixed, Least, Of, Rest, Sum, Times
from subsidies.rules.criteria import All, Is
from subsidies.rules.operands import TODAY, Later
from subsidies.rules.points.gate import GATE
from subsidies.rules.points.point import Per, Point
from subsidies.rules.text import gettext_noop as _

TALENT = Point(
    "talent",
    _("Talent award"),
    Per.YEAR,
    All(
        *GATE,
        Is("talents_employed", "talents", ">", 0, label=_("Employs a high-level talent"), own=True),
        Is(
            "talents_not_awarded_before",
            "talents_unawarded",
            ">",
            0,
            label=_("A talent who was not awarded yet, here or elsewhere"),
            own=True,
        ),
        Is("talents_recognised", "talents_recognised", ">", 0, label=_("Recognised in one of the classes A to E")),
        Is(
            "employed_long_enough",
            Later("talents_employed_from", "talent.employment_months"),
            "<=",
            TODAY,
            label=_("The employment has lasted long enough"),
            cure="time",
        ),
    ),
    Least(
        _("Talent award"),
        Sum(
            _("Awards of all classes"),
            (
                Times(_("Class A"), "talents_a", "talent.award_a"),
                Times(_("Class B"), "talents_b", "talent.award_b"),
                Times(_("Class C"), "talents_c", "talent.award_c"),
                Times(_("Class D"), "talents_d", "talent.award_d"),
                Times(_("Class E"), "talents_e", "talent.award_e"),
            ),
        ),
        Rest(
            _("Left of the yearly maximum"),
            Fixed(_("At most for a company and year"), "talent.yearly_cap"),
            Of(_("Granted this year"), "talent_granted_this_year"),
        ),
    ),
)
