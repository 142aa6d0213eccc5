"""The public series as files: CSV, JSON, and the catalogue that programs read (DCAT 3)."""

import csv
import io
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import get_language

from balai.ground.clock import now
from balai.people.models import Institution
from balai.portal.selectors.series import Series, Value, all_series, formula_of

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_NAME = "CC BY 4.0"
FORMULA_STARTERS = ("=", "+", "-", "@", "\t", "\r")
CONTEXT = {
    "dcat": "http://www.w3.org/ns/dcat#",
    "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}


def as_csv(series: Series, rows: list[list[Value]]) -> str:
    """The rows for a spreadsheet; no cell is taken for a formula (CWE-1236)."""
    out = io.StringIO()
    table = csv.writer(out, lineterminator="\r\n")
    table.writerow([column.name for column in series.columns])
    table.writerows([_cell(value) for value in row] for row in rows)
    return "\ufeff" + out.getvalue()


def as_json(series: Series, institution: Institution, rows: list[list[Value]]) -> dict[str, Any]:
    """The rows with all that one must know to use them."""
    names = [column.name for column in series.columns]
    period = series.period(institution)
    return {
        "series": series.slug,
        "title": str(series.title),
        "definition": str(series.definition),
        "language": get_language(),
        "institution": {"name": institution.name, "slug": institution.slug},
        "licence": LICENCE,
        "formula_version": formula_of(institution),
        "first_day": period.first.isoformat(),
        "last_day": period.last.isoformat(),
        "made_at": now().isoformat(timespec="minutes"),
        "n_column": series.n,
        "columns": [
            {"name": one.name, "title": str(one.title), "unit": one.unit} for one in series.columns
        ],
        "rows": [dict(zip(names, row, strict=True)) for row in rows],
    }


def catalogue(request: HttpRequest, institution: Institution) -> dict[str, Any]:
    """The DCAT catalogue of an institution in JSON-LD (W3C, DCAT 3)."""
    here = request.build_absolute_uri(reverse("portal:data", args=[institution.slug]))
    return {
        "@context": CONTEXT,
        "@id": here,
        "@type": "dcat:Catalog",
        "dct:title": institution.name,
        "dct:language": get_language(),
        "dct:license": {"@id": LICENCE},
        "dct:publisher": {"@type": "foaf:Agent", "foaf:name": institution.name},
        "dcat:dataset": [_dataset(request, institution, one) for one in all_series()],
    }


def _dataset(request: HttpRequest, institution: Institution, series: Series) -> dict[str, Any]:
    period = series.period(institution)
    where = [institution.slug, series.slug]
    page = request.build_absolute_uri(reverse("portal:series", args=where))
    return {
        "@id": page,
        "@type": "dcat:Dataset",
        "dct:identifier": f"{institution.slug}/{series.slug}",
        "dct:title": str(series.title),
        "dct:description": f"{series.about} {series.definition}",
        "dct:license": {"@id": LICENCE},
        "dct:accrualPeriodicity": {
            "@id": "http://publications.europa.eu/resource/authority/frequency/DAILY"
        },
        "dct:temporal": {
            "@type": "dct:PeriodOfTime",
            "dcat:startDate": {"@type": "xsd:date", "@value": period.first.isoformat()},
            "dcat:endDate": {"@type": "xsd:date", "@value": period.last.isoformat()},
        },
        "dcat:landingPage": {"@id": page},
        "dcat:version": str(formula_of(institution)),
        "dcat:distribution": [
            {
                "@type": "dcat:Distribution",
                "dct:title": ending.upper(),
                "dct:license": {"@id": LICENCE},
                "dcat:mediaType": {"@id": f"https://www.iana.org/assignments/media-types/{media}"},
                "dcat:downloadURL": {
                    "@id": request.build_absolute_uri(
                        reverse("portal:series_file", args=[*where, ending])
                    )
                },
            }
            for ending, media in (("csv", "text/csv"), ("json", "application/json"))
        ],
    }


def _cell(value: Value) -> Value:
    if isinstance(value, str) and value.startswith(FORMULA_STARTERS):
        return f"'{value}"
    return "" if value is None else value
