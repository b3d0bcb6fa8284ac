"""Addresses of decisions and rent statements below /api/v1/."""

from rest_framework.routers import SimpleRouter

from subsidies.api.views import DecisionViewSet, RentStatementViewSet

router = SimpleRouter()
router.register("decisions", DecisionViewSet, basename="decision")
router.register("rent-statements", RentStatementViewSet, basename="rent-statement")

urlpatterns = router.urls
