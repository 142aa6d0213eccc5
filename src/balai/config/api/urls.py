"""The addresses of the interface for programs."""

from django.urls import path

from balai.config.api import views
from balai.config.api.endpoints import addresses

app_name = "api"
urlpatterns = [
    path("", views.docs, name="docs"),
    path("openapi.json", views.document, name="openapi"),
    *addresses(),
]
