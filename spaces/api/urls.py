"""Addresses of leases below /api/v1/."""

from rest_framework.routers import SimpleRouter

from spaces.api.views import LeaseViewSet

router = SimpleRouter()
router.register("leases", LeaseViewSet, basename="lease")

urlpatterns = router.urls
