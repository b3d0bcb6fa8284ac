"""What the numbers of the policy and their units are called, where people read, change and try them."""

from django.utils.translation import gettext_lazy as _

from subsidies.rules.catalogue import POINT_CODES

NAMES = {
    "settlement.share": _("Share of the costs of starting up that is paid"),
    "settlement.cap": _("Most that a company gets"),
    "settlement.months": _("How long costs count from moving in"),
    "rent_waiver.area_m2": _("Area that is free of rent"),
    "rent_waiver.months": _("How long rent is waived"),
    "rent_waiver.share": _("Share of the rent that is waived"),
    "talent.award_a": _("Award for a talent of class A"),
    "talent.award_b": _("Award for a talent of class B"),
    "talent.award_c": _("Award for a talent of class C"),
    "talent.award_d": _("Award for a talent of class D"),
    "talent.award_e": _("Award for a talent of class E"),
    "talent.employment_months": _("How long a talent must have been employed"),
    "talent.yearly_cap": _("Most that a company gets in a year"),
    "leading_project.score": _("Score from which a project is awarded"),
    "leading_project.award": _("Award for a project"),
    "leading_project.top_score": _("Score from which a project gets the higher award"),
    "leading_project.top_award": _("Higher award for a project"),
    "angel_fund.projects_per_year": _("Projects a year that the fund aims at"),
    "angel_fund.project_cap": _("Most that is invested in a project"),
    "angel_fund.score": _("Score from which the fund invests"),
    "angel_fund.max_age_years": _("Age up to which the fund invests in a company"),
    "loan_interest.principal_cap": _("Principal up to which interest is supported"),
    "loan_interest.months": _("How long interest is supported"),
    "loan_interest.share": _("Share of the interest that is paid"),
    "ai_vouchers.share": _("Share of the contracts that is paid"),
    "ai_vouchers.other_computing_share": _("Share for other computing facilities"),
    "ai_vouchers.small_company_share": _("Share for a small company"),
    "ai_vouchers.small_company_contracts": _("Contracts of a year up to which a small company gets more"),
    "ai_vouchers.model_yearly_cap": _("Most of model vouchers that a company gets in a year"),
    "ai_vouchers.compute_yearly_cap": _("Most of compute vouchers that a company gets in a year"),
    "activities.share": _("Share of the documented costs that is paid"),
    "stages.chick.revenue": _("Revenue of a chick"),
    "stages.chick.revenue_months": _("Months over which its revenue is counted"),
    "stages.chick.outside_investment": _("Investment from outside in a chick"),
    "stages.growing.max_age_years": _("Age up to which a company counts as growing"),
    "stages.growing.growth_years": _("Years over which growth is counted"),
    "stages.growing.revenue_low": _("Revenue of the lowest band"),
    "stages.growing.growth_low": _("Growth a year in the lowest band"),
    "stages.growing.revenue_middle": _("Revenue of the middle band"),
    "stages.growing.growth_middle": _("Growth a year in the middle band"),
    "stages.growing.revenue_high": _("Revenue of the highest band"),
    "stages.growing.growth_high": _("Growth a year in the highest band"),
    "stages.growing.venture_capital": _("Venture capital of a growing company"),
    "stages.growing.venture_capital_years": _("Years over which venture capital is counted"),
    "stages.unicorn.max_age_years": _("Age up to which a company counts as a unicorn"),
    "stages.unicorn.valuation": _("Valuation of a unicorn"),
    "stages.reports_before_demotion": _("Reports below the mark before a company falls back"),
    "lpr_1y": _("One-year loan prime rate"),
    # What every point has, or several.
    "activities.yearly_cap": _("Most that a company gets in a year"),
    **{f"{point}.yearly_budget": _("Budget of a year") for point in POINT_CODES},
}

UNITS = {
    "CNY": _("yuan"),
    "USD": _("US dollars"),
    "m2": _("m²"),
    "%": _("%"),
    "score": _("points"),
    "months": _("months"),
    "years": _("years"),
    "projects": _("projects"),
    "reports": _("reports"),
}


def name_of(parameter: str) -> str:
    """The name of a parameter in the language of the reader; its code where a version has one that nobody named."""
    return str(NAMES.get(parameter, parameter))


def unit_name(unit: str) -> str:
    """The name of a unit of parameters."""
    return str(UNITS.get(unit, unit))
