"""Addresses of decisions, rent statements and versions of the policy below /api/v1/."""

from rest_framework.routers import SimpleRouter

from subsidies.api.views import DecisionViewSet, PolicyVersionViewSet, RentStatementViewSet

router = SimpleRouter()
router.register("decisions", DecisionViewSet, basename="decision")
router.register("rent-statements", RentStatementViewSet, basename="rent-statement")
router.register("policy-versions", PolicyVersionViewSet, basename="policy-version")

urlpatterns = router.urls
