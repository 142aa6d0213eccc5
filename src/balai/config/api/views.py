"""The documentation of the interface, on our own host: for programs and their authors."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from balai.config.api import openapi
from balai.config.api.endpoints import ENDPOINTS
from balai.portal.shelf import public_page


@public_page
def document(request: HttpRequest) -> HttpResponse:
    """/api/v1/openapi.json"""
    return JsonResponse(openapi.document(request.build_absolute_uri("/").rstrip("/")))


@public_page
def docs(request: HttpRequest) -> HttpResponse:
    """/api/v1/: every call on one page."""
    made = openapi.document(request.build_absolute_uri("/").rstrip("/"))
    shapes = made["components"]["schemas"]
    calls = [
        {
            "endpoint": one,
            "parameters": one.parameters,
            "takes": _fields(shapes, one.takes),
            "gives": _fields(shapes, one.gives),
        }
        for one in ENDPOINTS
    ]
    shown = {"calls": calls, "server": made["servers"][0]["url"], "info": made["info"]}
    return render(request, "api/docs.html", shown)


def _fields(shapes: dict[str, dict[str, object]], shape: type | None) -> list[str]:
    if shape is None:
        return []
    fields = shapes[shape.__name__].get("properties")
    return list(fields) if isinstance(fields, dict) else []
