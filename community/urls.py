"""Addresses of the talents. A code may hold any character, slashes too."""

from community.views import talents

app_name = "community"

urlpatterns = talents.PAGES.urls()
