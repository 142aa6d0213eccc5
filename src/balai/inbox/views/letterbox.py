"""The public form: anybody writes to the office, without an account, on the cheapest telephone."""

from typing import Any
from zlib import crc32

from django.core import signing
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from balai.channels.models import Connection
from balai.ground.gate import Bucket, may_pass, visitor
from balai.inbox.forms.citizen import LetterForm, fresh_ticket
from balai.inbox.services import send_form
from balai.inbox.views.hours import zone_of
from balai.people.models import Institution

FROM_ONE_PLACE = Bucket("letter-visitor", 10, 600)  # a warung's shared line writes this much
FOR_ONE_OFFICE = Bucket("letter-office", 600, 60)
PROOF_SALT = "inbox.kept"


@require_safe
def nearest(request: HttpRequest) -> HttpResponse:
    """The form of the installation's own institution."""
    first = Institution.objects.order_by("pk").first()
    if first is None:
        raise Http404
    return redirect("inbox:write", first.slug)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, slug: str) -> HttpResponse:
    """Write to an institution. What was sent is kept at once and has a page of its own."""
    institution = get_object_or_404(Institution, slug=slug)
    line = _line_of(institution)
    if line is None:
        return render(request, "inbox/closed.html", {"institution": institution}, status=404)
    if request.method != "POST":
        return _page(request, institution, LetterForm(initial={"ticket": fresh_ticket()}))
    if not _may_write(request, institution):
        form = LetterForm(initial=request.POST.dict() | {"ticket": fresh_ticket()})
        return _page(request, institution, form, status=429)
    form = LetterForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, institution, form, status=422)
    return _keep(line, form.cleaned_data)


def _keep(line: Connection, said: dict[str, Any]) -> HttpResponse:
    parcel_id = send_form(
        line,
        receipt=said["ticket"],
        text=said["text"],
        name=said["name"],
        email=said["email"],
        place=said["place"],
        uploads=[tuple(file) for file in said["photos"]],
        sequence=_print_of(said),
    )
    return redirect(kept_address(said["ticket"], parcel_id))


def _print_of(said: dict[str, Any]) -> int:
    """One form sent twice is one message; a form that comes back changed is another one."""
    words = [said[name] for name in ("text", "name", "email", "place")]
    files = [crc32(file.body) for file in said["photos"]]
    return crc32(repr((words, files)).encode())


def kept_address(receipt: str, parcel_id: int) -> str:
    """The status page, with the proof that we have the parcel though it was not taken in yet."""
    proof = signing.dumps([receipt, parcel_id], salt=PROOF_SALT)
    return f"{reverse('inbox:status', args=[receipt])}?kept={proof}"


def _page(
    request: HttpRequest, institution: Institution, form: LetterForm, *, status: int = 200
) -> HttpResponse:
    known = {"institution": institution, "form": form, "too_often": status == 429}
    with zone_of(institution):
        answer = render(request, "inbox/write.html", known, status=status)
    if status == 429:
        answer.headers["Retry-After"] = "60"
    return answer


def _line_of(institution: Institution) -> Connection | None:
    at_rest = [Connection.State.PAUSED, Connection.State.CLOSED]
    lines = Connection.objects.filter(institution=institution, channel="webform")
    return lines.exclude(state__in=at_rest).order_by("pk").first()


def _may_write(request: HttpRequest, institution: Institution) -> bool:
    return may_pass(FROM_ONE_PLACE, visitor(request)) and may_pass(
        FOR_ONE_OFFICE, str(institution.pk)
    )
