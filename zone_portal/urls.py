"""Every address of the portal. Each app names its own; the composition is here."""

from django.urls import include, path

urlpatterns = [
    path("", include("zone_portal.dashboard.urls")),
    path("i18n/", include("django.conf.urls.i18n")),
]
