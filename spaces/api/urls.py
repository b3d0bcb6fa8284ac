"""Addresses of leases, desk memberships, rooms and bookings below /api/v1/."""

from rest_framework.routers import SimpleRouter

from spaces.api.bookings import BookingViewSet, RoomViewSet
from spaces.api.views import DeskMembershipViewSet, LeaseViewSet

router = SimpleRouter()
router.register("rooms", RoomViewSet, basename="room")
router.register("bookings", BookingViewSet, basename="booking")
router.register("leases", LeaseViewSet, basename="lease")
router.register("desk-memberships", DeskMembershipViewSet, basename="desk-membership")

urlpatterns = router.urls
