"""Facts that follow from others: what is unknown for as long as a fact before it is a no.

Where nothing is on record (no talent, no project, no cost) the first fact of a cascade is 0 and the others are null.
Nobody has to tell them then: they come with the first.
"""

from collections.abc import Mapping

_VOUCHERS = ("model_costs", "compute_costs", "compute_other_costs")

FOLLOWING: Mapping[str, tuple[str, ...]] = {
    "leased_area": ("relief_of_month",),
    "setup_costs_documented": ("setup_costs_in_time", "setup_costs"),
    "setup_costs_in_time": ("setup_costs",),
    "talents": ("talents_unawarded", "talents_recognised", "talents_employed_from"),
    "talents_unawarded": ("talents_recognised", "talents_employed_from"),
    "leading_projects": ("leading_unawarded", "leading_score"),
    "leading_unawarded": ("leading_score",),
    "angel_projects": ("angel_uninvested", "angel_score"),
    "angel_uninvested": ("angel_score",),
    "loan_balance": ("ever_borrowed", "first_loan_on", "reference_rates", "interest_support_of_month"),
    "voucher_costs": ("voucher_costs_admitted", "voucher_costs_unrelated", "voucher_costs_fresh", *_VOUCHERS),
    "voucher_costs_admitted": ("voucher_costs_unrelated", "voucher_costs_fresh", *_VOUCHERS),
    "voucher_costs_unrelated": ("voucher_costs_fresh", *_VOUCHERS),
    "voucher_costs_fresh": _VOUCHERS,
    "activity_costs_documented": ("activity_costs",),
}
