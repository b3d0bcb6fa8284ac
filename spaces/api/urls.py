"""Addresses of leases and desk memberships below /api/v1/."""

from rest_framework.routers import SimpleRouter

from spaces.api.views import DeskMembershipViewSet, LeaseViewSet

router = SimpleRouter()
router.register("leases", LeaseViewSet, basename="lease")
router.register("desk-memberships", DeskMembershipViewSet, basename="desk-membership")

urlpatterns = router.urls
