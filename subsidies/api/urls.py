"""Addresses of decisions, what acts on leases would change, statements, versions of the policy, costs, suppliers,
grants and budgets below /api/v1/."""

from django.urls import re_path

from core.api.routing import ActsFirstRouter
from core.api.views import NUMBER_PATTERN
from spaces.lives.acts import ACTS
from subsidies.api.costs import ExpenseViewSet, SupplierViewSet
from subsidies.api.grants import BudgetViewSet, GrantViewSet
from subsidies.api.leasing import LeasePlanViewSet
from subsidies.api.views import (
    DecisionViewSet,
    InterestStatementViewSet,
    PolicyVersionViewSet,
    RentPaymentViewSet,
    RentStatementViewSet,
    StageProposalViewSet,
)

router = ActsFirstRouter()
router.register("decisions", DecisionViewSet, basename="decision")
router.register("stage-proposals", StageProposalViewSet, basename="stage-proposal")
router.register("rent-statements", RentStatementViewSet, basename="rent-statement")
router.register("rent-payments", RentPaymentViewSet, basename="rent-payment")
router.register("policy-versions", PolicyVersionViewSet, basename="policy-version")
router.register("interest-statements", InterestStatementViewSet, basename="interest-statement")
router.register("expenses", ExpenseViewSet, basename="expense")
router.register("suppliers", SupplierViewSet, basename="supplier")
router.register("grants", GrantViewSet, basename="grant")
router.register("budgets", BudgetViewSet, basename="budget")

urlpatterns = [
    *router.urls,
    *(
        re_path(
            rf"^lease-plans/(?P<lease>{NUMBER_PATTERN})/{code}/$",
            LeasePlanViewSet.as_view({"post": code}, detail=True),
            name=f"lease-plan-{code}",
        )
        for code in ACTS
    ),
]
