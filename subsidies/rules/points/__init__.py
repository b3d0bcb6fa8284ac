"""The eight points of the policy, one module each, registered here in the order of the policy."""

from subsidies.rules.points.activities import ACTIVITIES
from subsidies.rules.points.ai_vouchers import AI_VOUCHERS
from subsidies.rules.points.angel_fund import ANGEL_FUND
from subsidies.rules.points.leading_project import LEADING_PROJECT
from subsidies.rules.points.loan_interest import LOAN_INTEREST
from subsidies.rules.points.point import Per, Point, Registry
from subsidies.rules.points.rent_waiver import RENT_WAIVER
from subsidies.rules.points.settlement import SETTLEMENT
from subsidies.rules.points.talent import TALENT

POINTS = Registry(
    (
        SETTLEMENT,
        RENT_WAIVER,
        TALENT,
        LEADING_PROJECT,
        ANGEL_FUND,
        LOAN_INTEREST,
        AI_VOUCHERS,
        ACTIVITIES,
    )
)

__all__ = ["POINTS", "Per", "Point", "Registry"]
