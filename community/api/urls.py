"""Addresses of talents below /api/v1/."""

from rest_framework.routers import SimpleRouter

from community.api.views import TalentViewSet

router = SimpleRouter()
router.register("talents", TalentViewSet, basename="talent")

urlpatterns = router.urls
