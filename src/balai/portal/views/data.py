"""Open data: the catalogue, each series as a page with its picture and table, and as files."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from balai.portal import opendata, pictures
from balai.portal.selectors.series import Series, all_series, formula_of, series_called
from balai.portal.shelf import public_page
from balai.portal.views.front import shown, wanted


@public_page
def catalogue(request: HttpRequest, slug: str = "") -> HttpResponse:
    """Every public series of an institution."""
    institution = wanted(slug)
    return shown(
        request,
        "portal/data.html",
        institution,
        series=all_series(),
        licence=opendata.LICENCE,
        licence_name=opendata.LICENCE_NAME,
    )


@public_page
def dcat(request: HttpRequest, slug: str) -> HttpResponse:
    """The catalogue for programs: DCAT in JSON-LD."""
    said = opendata.catalogue(request, wanted(slug))
    return JsonResponse(said, content_type="application/ld+json")


@public_page
def series(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """One series: what it says, its picture, the table under it, its files."""
    institution, found = wanted(slug), _called(name)
    rows = found.read(institution)
    return shown(
        request,
        "portal/series.html",
        institution,
        series=found,
        rows=rows,
        period=found.period(institution),
        picture=pictures.picture_of(found, rows),
        formula=formula_of(institution),
        licence=opendata.LICENCE,
        licence_name=opendata.LICENCE_NAME,
    )


@public_page
def series_file(request: HttpRequest, slug: str, name: str, ending: str) -> HttpResponse:
    """The same as a file: csv, json, or svg (the picture)."""
    institution, found = wanted(slug), _called(name)
    rows = found.read(institution)
    match ending:
        case "csv":
            text = opendata.as_csv(found, rows)
            answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
        case "json":
            answer = JsonResponse(opendata.as_json(found, institution, rows))
        case "svg":
            picture = pictures.picture_of(found, rows)
            answer = render(request, "portal/picture.svg", {"picture": picture})
            answer.headers["Content-Type"] = "image/svg+xml"
        case _:
            raise Http404
    name = f"{institution.slug}-{found.slug}.{ending}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def _called(name: str) -> Series:
    found = series_called(name)
    if found is None:
        raise Http404
    return found
