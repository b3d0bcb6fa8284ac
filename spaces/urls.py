"""Addresses of the places and leases. A lease's number may hold any character, slashes too."""

from django.urls import path

from spaces import views
from spaces.views import acts, leasing

app_name = "spaces"

urlpatterns = [
    path("units/", views.units, name="units"),
    path("leases/", views.leases, name="leases"),
    path("leases/new/", leasing.lease_create, name="lease_create"),
    path("leases/<path:number>/", views.lease_detail, name="lease_detail"),
    path("lease-terms/<path:number>/", leasing.lease_change, name="lease_change"),
    path("lease-end/<path:number>/", acts.lease_end, name="lease_end"),
    path("lease-void/<path:number>/", acts.lease_void, name="lease_void"),
    path("lease-form/units/", leasing.offer_units, name="offer_units"),
    path("lease-form/preview/", leasing.preview, name="preview"),
    path("companies/<str:code>/leases/", views.company_leases, name="company_leases"),
]
