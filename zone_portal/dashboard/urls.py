"""Addresses of the pages that read every app."""

from django.urls import path

from zone_portal.dashboard.landing import home, landing
from zone_portal.dashboard.palette import palette
from zone_portal.dashboard.styleguide import styleguide
from zone_portal.dashboard.views import dashboard, dashboard_rows

urlpatterns = [
    path("", landing, name="landing"),
    path("home/", home, name="home"),
    path("dashboard/", dashboard, name="dashboard"),
    path("dashboard/<slug:slug>/", dashboard_rows, name="dashboard_rows"),
    path("palette/", palette, name="palette"),
    path("styleguide/", styleguide, name="styleguide"),
]
