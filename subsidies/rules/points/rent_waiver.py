"""Point 2, rent waiver: full relief from office rent for the first 300 m² over 36 months (policy, point 2, "exactly").

The amount is the relief of the calendar month around the day, as `rent` bills it.
"""

from subsidies.rules.amounts import Of
from subsidies.rules.criteria import All, Is
from subsidies.rules.operands import TODAY, WindowEnd
from subsidies.rules.points.gate import GATE
from subsidies.rules.points.point import Per, Point
from subsidies.rules.text import gettext_noop as _

RENT_WAIVER = Point(
    "rent_waiver",
    _("Rent waiver"),
    Per.MONTH,
    All(
        *GATE,
        Is("area_leased", "leased_area", ">", 0, label=_("Leases premises in the zone"), own=True),
        Is(
            "window_open",
            WindowEnd("first_settled_on", "rent_waiver.months", opens="ever_settled"),
            ">=",
            TODAY,
            label=_("The months of the waiver are not over"),
            cure="never",
        ),
    ),
    Of(_("Rent relief of the month, as billed"), "relief_of_month"),
)
