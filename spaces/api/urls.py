"""Addresses of leases, offers, deposits, desk memberships, day passes, rooms and bookings below /api/v1/."""

from core.api.routing import ActsFirstRouter
from spaces.api.bookings import BookingViewSet, RoomViewSet
from spaces.api.deposits import DepositViewSet
from spaces.api.offers import LeaseOfferViewSet
from spaces.api.series import SeriesViewSet
from spaces.api.views import DayPassViewSet, DeskMembershipViewSet, LeaseViewSet

router = ActsFirstRouter()
router.register("rooms", RoomViewSet, basename="room")
router.register("bookings", BookingViewSet, basename="booking")
router.register("booking-series", SeriesViewSet, basename="series")
router.register("leases", LeaseViewSet, basename="lease")
router.register("lease-offers", LeaseOfferViewSet, basename="lease-offer")
router.register("deposits", DepositViewSet, basename="deposit")
router.register("desk-memberships", DeskMembershipViewSet, basename="desk-membership")
router.register("day-passes", DayPassViewSet, basename="day-pass")

urlpatterns = router.urls
