"""The REST API, put together from the apps: routes, the OpenAPI document and the page to read it on."""

import functools

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
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
told = functools.cache(lambda: operations(document(), settings.BASE_URL))
document_text = functools.cache(lambda: bytes(OpenApiJsonRenderer2().render(document())))


@public
@require_safe
def openapi(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(document_text(), content_type="application/vnd.oai.openapi+json")


@public
@require_GET
def reference(request: HttpRequest) -> HttpResponse:
    """How the API is used, and every address that it has, made from the document itself."""
    context = {
        "operations": told(),
        "common": common_parameters(document()),
        "base": f"{settings.BASE_URL}/api/v1",
    }
    return render(request, "api/reference.html", context)


@public
@require_GET
def reference_of(request: HttpRequest, kind: str) -> HttpResponse:
    """The addresses of one kind of rows, with what each takes and answers."""
    own = [operation for operation in told() if operation.kind == kind]
    if not own:
        raise Http404
    return render(request, "api/kind.html", {"kind": kind, "operations": own})


portal = (
    [
        path("", reference, name="reference"),
        path("v1/openapi.json", openapi, name="openapi"),
        path("reference/<slug:kind>/", reference_of, name="kind"),
    ],
    "api",
)

urlpatterns = [
    path("", include(portal)),
    path("v1/", include((versioned, "v1"))),
    re_path(r"^v[0-9]+(?:/[\s\S]*)?\Z", public(unknown_address), name="api_unknown"),
]
