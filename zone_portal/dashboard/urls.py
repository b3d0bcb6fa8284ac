"""Addresses of the pages that read every app."""

from django.urls import path

from zone_portal.dashboard.landing import home, landing
from zone_portal.dashboard.palette import palette
from zone_portal.dashboard.styleguide import styleguide

urlpatterns = [
    path("", landing, name="landing"),
    path("home/", home, name="home"),
    path("palette/", palette, name="palette"),
    path("styleguide/", styleguide, name="styleguide"),
]
