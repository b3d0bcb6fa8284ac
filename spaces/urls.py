"""Addresses of the places, leases, rooms and bookings. A lease's number may hold any character, slashes too."""

from django.urls import path

from spaces import views
from spaces.lives.views import lease_act
from spaces.offers import views as offers
from spaces.views import (
    acts,
    allowances,
    booking,
    booking_acts,
    bookings,
    calendars,
    desks,
    leasing,
    places,
    rooms,
    usage,
)
from spaces.views.occupancy import occupancy_page
from spaces.views.plans import plan

app_name = "spaces"

urlpatterns = [
    path("path/", places.path, name="path"),
    path("campus-new/", places.campus_new, name="campus_new"),
    path("campus-change/<int:pk>/", places.campus_change, name="campus_change"),
    path("building-new/", places.building_new, name="building_new"),
    path("building-change/<int:pk>/", places.building_change, name="building_change"),
    path("occupancy/", occupancy_page, name="occupancy"),
    path("plans/<int:pk>/", plan, name="plan"),
    path("units/", views.units, name="units"),
    path("unit-new/", places.unit_new, name="unit_new"),
    path("unit-change/<path:code>/", places.unit_change, name="unit_change"),
    path("leases/", views.leases, name="leases"),
    path("leases/new/", leasing.lease_create, name="lease_create"),
    path("leases/<path:number>/", views.lease_detail, name="lease_detail"),
    path("lease-terms/<path:number>/", leasing.lease_change, name="lease_change"),
    path("lease-acts/<str:act>/<path:number>/", lease_act, name="lease_act"),
    path("lease-void/<path:number>/", acts.lease_void, name="lease_void"),
    path("offers/", offers.offers, name="offers"),
    path("offers/new/", offers.offer_new, name="offer_new"),
    path("offers/<path:number>/", offers.offer, name="offer"),
    path("offer-acceptance/<path:number>/", offers.offer_accept, name="offer_accept"),
    path("offer-refusal/<path:number>/", offers.offer_decline, name="offer_decline"),
    path("offer-withdrawal/<path:number>/", offers.offer_withdraw, name="offer_withdraw"),
    path("offer-signature/<path:number>/", offers.offer_sign, name="offer_sign"),
    path("lease-form/units/", leasing.offer_units, name="offer_units"),
    path("lease-form/preview/", leasing.preview, name="preview"),
    *desks.PAGES.urls(),
    path("companies/<str:code>/leases/", views.company_leases, name="company_leases"),
    path("rooms/", rooms.rooms, name="rooms"),
    path("rooms/<str:code>/", rooms.room, name="room"),
    path("room-new/", rooms.room_new, name="room_new"),
    path("room-change/<str:code>/", rooms.room_change, name="room_change"),
    path("room-close/<str:code>/", rooms.room_close, name="room_close"),
    path("room-reopen/<int:pk>/", rooms.room_reopen, name="room_reopen"),
    path("room-credits/", allowances.allowances, name="allowances"),
    path("room-credits-withdraw/<int:pk>/", allowances.allowance_withdraw, name="allowance_withdraw"),
    path("room-usage/", usage.room_usage, name="usage"),
    path("companies/<str:code>/rooms/", usage.company_rooms, name="company_rooms"),
    path("bookings/", bookings.day, name="day"),
    path("bookings/<str:code>/", bookings.booking, name="booking"),
    path("my-bookings/", bookings.bookings, name="bookings"),
    path("booking-new/", booking.booking_new, name="booking_new"),
    path("booking-check/", booking.booking_check, name="booking_check"),
    path("booking-wait/", booking.booking_wait, name="booking_wait"),
    path("booking-move/<str:code>/", booking_acts.booking_move, name="booking_move"),
    path("booking-check-in/<str:code>/", booking_acts.booking_check_in, name="booking_check_in"),
    path("booking-invite/<str:code>/", calendars.booking_invite, name="booking_invite"),
    path("booking-uninvite/<int:pk>/", calendars.booking_uninvite, name="booking_uninvite"),
    path("calendars/", calendars.calendars, name="calendars"),
    path("calendars/<int:pk>/revoke/", calendars.calendar_revoke, name="calendar_revoke"),
    path("calendar/<str:token>.ics", calendars.calendar, name="calendar"),
    path("waiting-leave/<int:pk>/", booking_acts.waiting_leave, name="waiting_leave"),
    path("booking-cancel/<str:code>/", booking_acts.booking_cancel, name="booking_cancel"),
    path("booking-series/<str:code>/", bookings.series, name="series"),
    path("booking-series-cancel/<str:code>/", booking_acts.series_cancel, name="series_cancel"),
]
