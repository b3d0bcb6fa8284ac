"""Addresses of talents and support below /api/v1/."""

from community.api.views import DeliveryViewSet, SupportPackageViewSet, TalentViewSet
from core.api.routing import ActsFirstRouter

router = ActsFirstRouter()
router.register("talents", TalentViewSet, basename="talent")
router.register("support-packages", SupportPackageViewSet, basename="support-package")
router.register("deliveries", DeliveryViewSet, basename="delivery")

urlpatterns = router.urls
