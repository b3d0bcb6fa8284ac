"""The REST API, put together from the apps: routes, the OpenAPI document and the page to read it on."""

import functools

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path, re_path
from django.views.decorators.http import require_GET, require_safe
from drf_spectacular.renderers import OpenApiJsonRenderer2

from accounts.access import public
from core.api.problems import unknown_address
from core.api.reference import common_parameters, generate, operations

versioned = [
    path("", include("companies.api.urls")),
    path("", include("spaces.api.urls")),
    path("", include("funding.api.urls")),
    path("", include("community.api.urls")),
    path("", include("subsidies.api.urls")),
]

document = functools.cache(lambda: generate([path("api/v1/", include(versioned))]))
document_text = functools.cache(lambda: bytes(OpenApiJsonRenderer2().render(document())))


@public
@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(document_text(), content_type="application/vnd.oai.openapi+json")


@public
@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """The page to read the API on, made from the document itself."""
    context = {
        "operations": operations(document(), settings.BASE_URL),
        "common": common_parameters(document()),
        "base": f"{settings.BASE_URL}/api/v1",
    }
    return render(request, "api/reference.html", context)


portal = (
    [
        path("", reference, name="reference"),
        path("v1/openapi.json", openapi, name="openapi"),
    ],
    "api",
)

urlpatterns = [
    path("", include(portal)),
    path("v1/", include((versioned, "v1"))),
    re_path(r"^v[0-9]+(?:/[\s\S]*)?\Z", public(unknown_address), name="api_unknown"),
]
