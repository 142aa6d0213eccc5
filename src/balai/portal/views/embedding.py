"""Parts of the portal that stand in other people's pages, in a frame: no cookie, no script."""

from typing import Any, ParamSpec, cast
from zlib import crc32

from csp.decorators import csp_replace
from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from balai.ground.gate import Bucket, may_pass, visitor
from balai.inbox.services import fresh_receipt, send_form
from balai.people.models import Institution
from balai.portal import pages
from balai.portal.forms import FramedLetter
from balai.portal.selectors import form_line, takes_letters
from balai.portal.shelf import View, public_page
from balai.portal.views.front import shown, wanted

FROM_ONE_PLACE = Bucket("framed-visitor", 5, 600)
FOR_ONE_OFFICE = Bucket("framed-office", 300, 60)
SALT = "portal.framed"
P = ParamSpec("P")
TICKET_HOURS = 4


def in_any_page(view: View[P]) -> View[P]:
    """A page that may stand in a frame anywhere."""
    framed = csp_replace({"frame-ancestors": ["*"]})(cast("Any", view))
    return cast("View[P]", xframe_options_exempt(framed))


@public_page
def snippets(request: HttpRequest, slug: str = "") -> HttpResponse:
    """The lines that somebody copies into a page of their own."""
    institution = wanted(slug)
    return shown(
        request,
        "portal/embed.html",
        institution,
        origin=f"{request.scheme}://{request.get_host()}",
        takes_letters=takes_letters(institution),
    )


@in_any_page
@public_page
def numbers(request: HttpRequest, slug: str) -> HttpResponse:
    """Asked and answered, in a frame."""
    institution = wanted(slug)
    return shown(request, "portal/frames/numbers.html", institution, **pages.home_page(institution))


@in_any_page
@csrf_exempt  # a frame gets no cookie: the ticket, bound to the visitor's address, does its work
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def letter(request: HttpRequest, slug: str) -> HttpResponse:
    """The public form, in a frame; it keeps what was sent as the form of the site does."""
    institution = wanted(slug)
    line = form_line(institution)
    if line is None:
        raise Http404
    if request.method != "POST":
        return _form(request, institution, FramedLetter(initial={"ticket": _ticket(request)}))
    form = FramedLetter(request.POST)
    receipt = _receipt_of(request)
    if not receipt:
        form.add_error(None, form.TOO_OLD)
    if not form.is_valid() or not receipt:
        form.data = {**request.POST.dict(), "ticket": _ticket(request)}
        return _form(request, institution, form, status=422)
    if not _may_write(request, institution):
        return shown(request, "portal/frames/too_often.html", institution, status=429)
    text = form.cleaned_data["text"]
    send_form(line, receipt=receipt, text=text, sequence=crc32(text.encode()))
    return shown(request, "portal/frames/kept.html", institution, receipt=receipt)


def _form(
    request: HttpRequest, institution: Institution, form: FramedLetter, status: int = 200
) -> HttpResponse:
    return shown(request, "portal/frames/letter.html", institution, status=status, form=form)


def _ticket(request: HttpRequest) -> str:
    """Names the letter before it is written, and who asked for the form: no other may use it."""
    return signing.dumps([fresh_receipt(), visitor(request)], salt=SALT)


def _receipt_of(request: HttpRequest) -> str:
    try:
        receipt, who = signing.loads(
            request.POST.get("ticket", ""), salt=SALT, max_age=TICKET_HOURS * 3600
        )
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(receipt) if who == visitor(request) else ""


def _may_write(request: HttpRequest, institution: Institution) -> bool:
    return may_pass(FROM_ONE_PLACE, visitor(request)) and may_pass(
        FOR_ONE_OFFICE, str(institution.pk)
    )
