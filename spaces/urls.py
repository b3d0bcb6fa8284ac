"""Addresses of the places and leases. A lease's number may hold any character, slashes too."""

from django.urls import path

from spaces import views
from spaces.lives.views import lease_act
from spaces.offers import views as offers
from spaces.views import acts, desks, leasing, places
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
]
