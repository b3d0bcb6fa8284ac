"""Addresses of projects, loans and repayments below /api/v1/."""

from core.api.routing import ActsFirstRouter
from funding.api.views import LoanViewSet, ProjectViewSet, RepaymentViewSet

router = ActsFirstRouter()
router.register("projects", ProjectViewSet, basename="project")
router.register("loans", LoanViewSet, basename="loan")
router.register("repayments", RepaymentViewSet, basename="repayment")

urlpatterns = router.urls
