"""Addresses of projects, loans, repayments and financing rounds below /api/v1/."""

from core.api.routing import ActsFirstRouter
from funding.api.views import LoanViewSet, ProjectViewSet, RepaymentViewSet, RoundViewSet

router = ActsFirstRouter()
router.register("projects", ProjectViewSet, basename="project")
router.register("loans", LoanViewSet, basename="loan")
router.register("repayments", RepaymentViewSet, basename="repayment")
router.register("rounds", RoundViewSet, basename="round")

urlpatterns = router.urls
