"""The index on its page: where the institution falls short, and the rows behind each number."""

import csv

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from balai.people.middleware import StaffRequest, needs
from balai.readiness import pages
from balai.readiness.selectors import monthly


@require_GET
@needs("readiness.view")
def overview(request: StaffRequest) -> HttpResponse:
    """Sharing, Transparency, Openness, Collaboration: what falls short first."""
    return render(request, "readiness/overview.html", pages.overview(request.member))


@require_GET
@needs("readiness.view")
def measure(request: StaffRequest, code: str) -> HttpResponse:
    """One measure: how it is made, how it went, and its rows as far as the reader may open them."""
    try:
        shown = pages.measure_page(request.member, code)
    except LookupError as unknown:
        raise Http404 from unknown
    return render(request, "readiness/measure.html", shown)


@require_GET
@needs("readiness.view")
def scorecard(request: StaffRequest) -> HttpResponse:
    """Seven principles of good governance, each by itself."""
    return render(request, "readiness/scorecard.html", pages.scorecard_page(request.member))


@require_GET
@needs("readiness.view")
def export(request: StaffRequest) -> HttpResponse:
    """Every month's measures for a spreadsheet: exact fractions, statuses and fingerprints."""
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="stoc.csv"'
    answer["Cache-Control"] = "private, no-store"
    table = csv.writer(answer)
    table.writerow(
        [
            _("First day"), _("Last day"), _("Measure"), _("Status"), _("Numerator"),
            _("Denominator"), _("n"), _("Score"), _("Formula"), _("Fingerprint"),
        ]
    )  # fmt: skip
    for told in monthly(request.member.institution_id):
        for one in told.formula.measures:
            figure, score = told.figures[one.code], told.index.scores.get(one.code)
            table.writerow(
                [
                    told.row.first, told.row.on, one.code, figure.status.value,
                    figure.numerator, figure.denominator, figure.n,
                    "" if score is None else f"{float(score):.2f}",
                    f"{told.instrument.version}/{told.row.formula}", told.fingerprints[one.code],
                ]
            )  # fmt: skip
    return answer
