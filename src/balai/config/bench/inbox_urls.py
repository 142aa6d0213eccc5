"""The product's pages, and one that does nothing: the limit of bench 4."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from balai.config.urls import urlpatterns as product


def empty(request: HttpRequest) -> HttpResponse:
    """Nothing, through the same middleware."""
    return HttpResponse("")


urlpatterns = [path("kosong/", empty), *product]
