"""Point 7, AI vouchers: part of what a company pays for model services and for computing power (policy, point 7).

Costs count one by one (`rules.costs`). The contracts of the year are all that was paid on such contracts in it, with
whichever supplier; whether a company is small follows the national classification (`rules.sizes`).
"""

from subsidies.rules.amounts import Amount, Choose, Fixed, Least, Of, Rest, Share, Sum
from subsidies.rules.criteria import All, Is
from subsidies.rules.points.gate import GATE
from subsidies.rules.points.point import Per, Point
from subsidies.rules.text import gettext_noop as _

SMALL = All(
    Is("small_company", "small_company", "==", True, label=_("A small company")),
    Is(
        "few_contracts",
        "voucher_costs",
        "<=",
        parameter="ai_vouchers.small_company_contracts",
        label=_("Contracts of the year are small"),
    ),
)


def _part(label: str, costs: Amount, share: str) -> Amount:
    return Choose(
        label,
        SMALL,
        Share(_("Share for a small company"), costs, "ai_vouchers.small_company_share"),
        Share(_("Share of what was paid"), costs, share),
    )


MODELS = Least(
    _("Model vouchers"),
    _part(_("Share for model services"), Of(_("Paid for model services"), "model_costs"), "ai_vouchers.share"),
    Rest(
        _("Left of the yearly maximum"),
        Fixed(_("At most for a company and year"), "ai_vouchers.model_yearly_cap"),
        Of(_("Granted this year"), "model_granted_this_year"),
    ),
)
COMPUTE = Least(
    _("Compute vouchers"),
    Sum(
        _("Computing power of both kinds"),
        (
            _part(
                _("Share for computing power"), Of(_("Paid for computing power"), "compute_costs"), "ai_vouchers.share"
            ),
            _part(
                _("Share for other computing facilities"),
                Of(_("Paid for other computing facilities"), "compute_other_costs"),
                "ai_vouchers.other_computing_share",
            ),
        ),
    ),
    Rest(
        _("Left of the yearly maximum"),
        Fixed(_("At most for a company and year"), "ai_vouchers.compute_yearly_cap"),
        Of(_("Granted this year"), "compute_granted_this_year"),
    ),
)

AI_VOUCHERS = Point(
    "ai_vouchers",
    _("Model and compute vouchers"),
    Per.YEAR,
    All(
        *GATE,
        Is(
            "voucher_costs_paid",
            "voucher_costs",
            ">",
            0,
            label=_("Pays for model services or computing power"),
            own=True,
        ),
        Is("supplier_admitted", "voucher_costs_admitted", ">", 0, label=_("The supplier is admitted")),
        Is(
            "supplier_unrelated",
            "voucher_costs_unrelated",
            ">",
            0,
            label=_("The supplier is no related party"),
            own=True,
        ),
        Is(
            "contract_not_paid_before",
            "voucher_costs_fresh",
            ">",
            0,
            label=_("The contract was not subsidised before"),
            own=True,
        ),
    ),
    Sum(_("Model and compute vouchers"), (MODELS, COMPUTE)),
)

# The kinds of voucher, each with a yearly maximum of its own: what is granted by itself.
PARTS = {"model": MODELS, "compute": COMPUTE}
