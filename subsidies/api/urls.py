"""Addresses of decisions and statements below /api/v1/."""

from rest_framework.routers import SimpleRouter

from subsidies.api.views import DecisionViewSet, InterestStatementViewSet, RentStatementViewSet

router = SimpleRouter()
router.register("decisions", DecisionViewSet, basename="decision")
router.register("rent-statements", RentStatementViewSet, basename="rent-statement")
router.register("interest-statements", InterestStatementViewSet, basename="interest-statement")

urlpatterns = router.urls
