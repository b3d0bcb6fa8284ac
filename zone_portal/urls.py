"""Every address of the portal. Each app names its own; the composition is here."""

from django.urls import include, path

urlpatterns = [
    path("api/", include("zone_portal.api")),  # before all pages: Django tries one pattern after another
    path("", include("zone_portal.dashboard.urls")),
    path("", include("accounts.urls")),
    path("", include("companies.urls")),
    path("", include("spaces.urls")),
    path("", include("funding.urls")),
    path("", include("community.urls")),
    path("", include("subsidies.urls")),
    path("", include("zone_portal.operations")),
]

handler500 = "core.api.problems.server_error"
