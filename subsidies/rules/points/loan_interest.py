"""Point 6, loan interest: part of the interest on bank loans, up to a principal, for three years (policy, point 6,
"exactly").

The amount is the support of the calendar month around the day, summed over the company's loans (`rules.interest`).
"""

from subsidies.rules.amounts import Of
from subsidies.rules.criteria import All, Is
from subsidies.rules.operands import TODAY, WindowEnd
from subsidies.rules.points.gate import GATE
from subsidies.rules.points.point import Per, Point
from subsidies.rules.text import gettext_noop as _

LOAN_INTEREST = Point(
    "loan_interest",
    _("Interest support"),
    Per.MONTH,
    All(
        *GATE,
        Is("owes_a_bank", "loan_balance", ">", 0, label=_("Has a bank loan that is not paid back"), own=True),
        Is(
            "interest_window_open",
            WindowEnd("first_loan_on", "loan_interest.months", opens="ever_borrowed"),
            ">=",
            TODAY,
            label=_("The months of interest support are not over"),
            cure="never",
        ),
    ),
    Of(_("Interest support of the month"), "interest_support_of_month"),
)
