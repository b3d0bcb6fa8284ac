"""Addresses of talents below /api/v1/."""

from community.api.views import TalentViewSet
from core.api.routing import ActsFirstRouter

router = ActsFirstRouter()
router.register("talents", TalentViewSet, basename="talent")

urlpatterns = router.urls
