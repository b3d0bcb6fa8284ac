"""Addresses for those who run the portal: health, and metrics for Prometheus."""

import ipaddress

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import path
from django.utils.crypto import constant_time_compare
from django.views.decorators.http import require_safe
from django_prometheus.exports import ExportToDjangoView

from accounts.access import public
from core.health import health, live


@public
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """For whoever sends PORTAL_METRICS_KEY as a bearer token; without such a key only from this machine itself."""
    if not _may_read(request):
        raise Http404
    return ExportToDjangoView(request)


def _may_read(request: HttpRequest) -> bool:
    if settings.METRICS_KEY:
        return constant_time_compare(request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_KEY}")
    if "X-Forwarded-For" in request.headers:
        return False  # came through a proxy: the address is the proxy's
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


urlpatterns = [
    path("health/", public(health), name="health"),
    path("health/live/", public(live), name="health_live"),
    path("metrics/", metrics, name="metrics"),
]
