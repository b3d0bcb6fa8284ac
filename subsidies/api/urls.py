"""Addresses of decisions, statements, versions of the policy, costs, suppliers, grants and budgets below /api/v1/."""

from core.api.routing import ActsFirstRouter
from subsidies.api.costs import ExpenseViewSet, SupplierViewSet
from subsidies.api.grants import BudgetViewSet, GrantViewSet
from subsidies.api.views import (
    DecisionViewSet,
    InterestStatementViewSet,
    PolicyVersionViewSet,
    RentPaymentViewSet,
    RentStatementViewSet,
)

router = ActsFirstRouter()
router.register("decisions", DecisionViewSet, basename="decision")
router.register("rent-statements", RentStatementViewSet, basename="rent-statement")
router.register("rent-payments", RentPaymentViewSet, basename="rent-payment")
router.register("policy-versions", PolicyVersionViewSet, basename="policy-version")
router.register("interest-statements", InterestStatementViewSet, basename="interest-statement")
router.register("expenses", ExpenseViewSet, basename="expense")
router.register("suppliers", SupplierViewSet, basename="supplier")
router.register("grants", GrantViewSet, basename="grant")
router.register("budgets", BudgetViewSet, basename="budget")

urlpatterns = router.urls
