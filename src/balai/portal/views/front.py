"""The front page of an institution, its public answers, and how the visitor wants to read them."""

from typing import Any
from zoneinfo import ZoneInfo

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from balai.people.models import Institution
from balai.portal import pages
from balai.portal.selectors import institution_called
from balai.portal.shelf import public_page


@public_page
def home(request: HttpRequest, slug: str = "") -> HttpResponse:
    """What was asked and answered, how to reach us, which accounts are real."""
    institution = wanted(slug)
    return shown(request, "portal/home.html", institution, **pages.home_page(institution))


@public_page
def articles(request: HttpRequest, slug: str = "") -> HttpResponse:
    """What the office has answered already, for everybody."""
    institution = wanted(slug)
    return shown(request, "portal/articles.html", institution, **pages.articles_page(institution))


def wanted(slug: str) -> Institution:
    """The institution of the address. Raises Http404."""
    institution = institution_called(slug)
    if institution is None:
        raise Http404
    return institution


def shown(
    request: HttpRequest, template: str, institution: Institution, status: int = 200, **said: Any
) -> HttpResponse:
    """A public page in the institution's zone and the visitor's way of reading."""
    with timezone.override(ZoneInfo(institution.zone)):
        known = {**pages.frame(request, institution), **said}
        return render(request, template, known, status=status)
