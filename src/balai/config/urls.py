"""What people may ask."""

from django.urls import URLPattern, URLResolver, include, path
from django.views.decorators.csrf import csrf_exempt
from django.views.i18n import set_language

from balai.config import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.home, name="home"),
    path("mulai/", pages.begin, name="begin"),
    path("bahasa/", csrf_exempt(set_language), name="set_language"),
    path("tampilan/", pages.set_theme, name="set_theme"),
    path("galeri/", pages.gallery, name="gallery"),
    path("masuk/", include("allauth.urls")),
    path("api/v1/", include("balai.config.api.urls")),
    path("", include("balai.people.urls")),
    path("", include("balai.governance.urls")),
    path("", include("balai.registry.urls")),
    path("", include("balai.library.urls")),
    path("", include("balai.channels.urls")),
    path("", include("balai.inbox.urls")),
    path("", include("balai.publishing.urls")),
    path("", include("balai.cases.urls")),
    path("", include("balai.desk.urls")),
    path("", include("balai.surveys.urls")),
    path("", include("balai.analytics.urls")),
    path("", include("balai.readiness.urls")),
    path("", include("balai.portal.urls")),
]
