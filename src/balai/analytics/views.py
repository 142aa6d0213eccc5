"""The reports of an institution: a page to read and print, and the same as a table."""

import csv
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from balai.analytics import pages
from balai.analytics.forms import AskReport
from balai.analytics.rules import FORMULA
from balai.analytics.selectors import Period, Reader, reader_of
from balai.analytics.wording import safe_cell
from balai.people.middleware import StaffRequest, staff_only


@require_GET
@staff_only
def report(request: StaffRequest) -> HttpResponse:
    """How fast and how well citizens were answered, as far as the reader's roles reach."""
    reader, form, (dimension, period) = _asked(request)
    shown = pages.report(reader, dimension, period)
    wanted = urlencode({"menurut": dimension, "dari": period.first, "sampai": period.last})
    return render(request, "analytics/report.html", {"form": form, "wanted": wanted, **shown})


@require_GET
@staff_only
def export(request: StaffRequest) -> HttpResponse:
    """The same lines for a spreadsheet; numbers as they are, also those of few cases."""
    reader, _form, (dimension, period) = _asked(request)
    name = f"laporan-{dimension}-{period.first}-{period.last}.csv"
    answer = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    table = csv.writer(answer)
    table.writerow(
        [
            _("Name"), _("First day"), _("Last day"), _("Taken in"), _("Answered"),
            _("Median, minutes of service"), _("p90, minutes of service"), _("Exact"), _("Met"),
            _("Deadlines over"), _("Late now"), _("Ended"), _("Solved at once"),
            _("Ever ended"), _("Reopened"), _("To answer now"), _("Formula"),
        ]
    )  # fmt: skip
    for row in pages.rows(reader, dimension, period):
        line = row.line
        table.writerow(
            [
                safe_cell(row.name), period.first, period.last, line.counts.taken_in,
                line.counts.answered, line.times.median, line.times.p90,
                int(line.times.is_exact), *line.attainment, line.late, line.counts.ended,
                line.counts.at_once, line.counts.ever_ended, line.counts.reopened, line.backlog,
                FORMULA,
            ]
        )  # fmt: skip
    return answer


def _asked(request: StaffRequest) -> tuple[Reader, AskReport, tuple[str, Period]]:
    reader = reader_of(request.member)
    form = AskReport(
        request.GET, offered=pages.offered_to(reader), today=pages.today_of(request.member)
    )
    return reader, form, form.asked()
