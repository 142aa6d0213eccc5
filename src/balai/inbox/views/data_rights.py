"""Pages of people's requests about their own data: the office's, and the person's own."""

import json
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from balai.ground.clock import now
from balai.ground.forms import tried
from balai.ground.gate import Bucket, may_pass, visitor
from balai.inbox.forms.citizens import ReasonForm
from balai.inbox.forms.rights import CodeForm, RefusalForm, RequestForm
from balai.inbox.models import Certificate, RightsRequest
from balai.inbox.selectors.contacts import consents_to_stop, group_of, hold_on
from balai.inbox.selectors.gathering import copy_of, covered_by
from balai.inbox.services import asking, erasing, handing
from balai.inbox.views.citizens import citizen_of
from balai.inbox.views.finding import unsealed
from balai.inbox.wording import ERASED_NAMES, KEPT_NAMES, pseudonym
from balai.people.middleware import StaffRequest, needs

WRONG_ADDRESSES = Bucket("copy-guess", 30, 600)
SHOWN = 100


@require_GET
@needs("rights.handle")
def requests(request: StaffRequest) -> HttpResponse:
    """Every request of the institution: open ones by their clock, then what was settled."""
    home = request.member.institution_id
    found = RightsRequest.objects.filter(institution_id=home).select_related("citizen")
    known = {
        "open": found.filter(state__in=asking.OPEN).order_by("due_at")[:SHOWN],
        "settled": found.exclude(state__in=asking.OPEN).order_by("-settled_at")[:SHOWN],
        "consents": consents_to_stop(home),
        "at": now(),
    }
    return render(request, "inbox/citizens/requests.html", known)


@require_GET
@needs("rights.handle")
def one(request: StaffRequest, request_id: int) -> HttpResponse:
    """One request and what can be done with it."""
    return _page(request, _find(request, request_id))


@require_POST
@needs("conversation.note")
def note(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """The person asks for their data in this conversation."""
    found = unsealed(request, conversation_id)
    form = RequestForm(request.POST)
    if form.is_valid() and tried(form, asking.note_request, found, by=request.member):
        messages.success(request, _("Noted. The clock runs; now prove who asks."))
    for problem in form.non_field_errors():
        messages.error(request, str(problem))
    return redirect("inbox:conversation", found.pk)


@require_POST
@needs("conversation.note")
def prove(request: StaffRequest, conversation_id: int, request_id: int) -> HttpResponse:
    """Send a code, or check the one that the person gave."""
    talk = unsealed(request, conversation_id)
    meant = get_object_or_404(RightsRequest, pk=request_id, conversation=talk)
    form = CodeForm(request.POST)
    if "send" in request.POST:
        _try(request, lambda: asking.send_code(meant, by=request.member), _("The code was sent."))
    elif form.is_valid() and asking.check_code(meant, form.cleaned_data["code"], by=request.member):
        messages.success(request, _("Proved: the person has the line in which they spoke."))
    else:
        messages.error(request, _("This is not the code, or it is no longer valid."))
    return redirect("inbox:conversation", talk.pk)


@require_POST
@needs("rights.handle")
def settle(request: StaffRequest, request_id: int, deed: str) -> HttpResponse:
    """Prove in person, hand over, erase or refuse."""
    found, by = _find(request, request_id), request.member
    if deed == "tolak":
        form = RefusalForm(request.POST)
        if form.is_valid() and tried(form, asking.refuse_request, found, by=by):
            return redirect("inbox:requests")
        return _page(request, found, refusal=form)
    deeds: dict[str, tuple[Callable[..., Any], str]] = {
        "bukti": (asking.confirm_in_person, _("Noted: you saw the person.")),
        "serahkan": (asking.hand_over, _("The copy lies ready for seven days.")),
        "hapus": (erasing.erase_person, _("Erased. The certificate follows in some minutes.")),
    }
    if deed not in deeds:
        raise Http404
    verb, done = deeds[deed]
    _try(request, lambda: verb(found, by=by), done)
    return redirect("inbox:request", found.pk)


@require_POST
@needs("rights.handle")
def download(request: StaffRequest, request_id: int) -> HttpResponse:
    """The copy for whoever hands it over in person. The opening is recorded."""
    found = _find(request, request_id)
    try:
        handing.open_copy(found, by=request.member)
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
        return redirect("inbox:request", found.pk)
    return _copy(request, found)


@require_POST
@needs("rights.hold")
def hold(request: StaffRequest, citizen_id: int) -> HttpResponse:
    """Keep a person's data from being erased, or end that."""
    found = citizen_of(request, citizen_id)
    running, by = hold_on(group_of(found)), request.member
    if running is not None:
        _try(request, lambda: asking.lift_hold(running, by=by), _("The duty to keep is over."))
        return redirect("inbox:citizen", found.pk)
    form = ReasonForm(request.POST)
    if form.is_valid() and tried(form, asking.hold_data, found, by=by):
        messages.success(request, _("Kept: nothing of this person is erased."))
    for problems in form.errors.values():
        messages.error(request, " ".join(map(str, problems)))
    return redirect("inbox:citizen", found.pk)


@never_cache
@require_GET
def copy(request: HttpRequest, address: str) -> HttpResponse:
    """The person's own copy, at the unguessable address that was sent to them; for seven days."""
    found = RightsRequest.objects.filter(
        handed_digest=asking.digest_of(address), handed_until_at__gt=now()
    ).first()
    if found is None or not may_pass(WRONG_ADDRESSES, visitor(request), cost=0.0):
        may_pass(WRONG_ADDRESSES, visitor(request))
        raise Http404
    handing.open_copy(found, by=None)
    return _sheltered(_copy(request, found))


@never_cache
@require_GET
def certificate(request: HttpRequest, address: str) -> HttpResponse:
    """What was erased, when, and whether the audit log confirms it. Holds no personal data."""
    found = Certificate.objects.filter(address=address).select_related("institution").first()
    if found is None:
        return _sheltered(render(request, "inbox/citizens/no_certificate.html", status=404))
    if request.GET.get("bentuk") == "json":
        answer: HttpResponse = HttpResponse(
            json.dumps({**found.content, "sha256": found.sha256}, ensure_ascii=False, indent=1),
            content_type="application/json",
        )
        answer.headers["Content-Disposition"] = 'attachment; filename="sertifikat.json"'
        return _sheltered(answer)
    known = {
        "certificate": found,
        "institution": found.institution,
        "is_genuine": erasing.is_genuine(found),
        "erased": [(ERASED_NAMES.get(k, k), n) for k, n in found.content["erased"].items()],
        "kept": [KEPT_NAMES.get(code, code) for code in found.content["kept"]],
    }
    return _sheltered(render(request, "inbox/citizens/certificate.html", known))


def own_copy(request: HttpRequest, found: RightsRequest) -> HttpResponse:
    """The copy for the holder of the status page from which it was asked. It is recorded."""
    handing.open_copy(found, by=None)
    return _copy(request, found)


def _copy(request: HttpRequest, found: RightsRequest) -> HttpResponse:
    content = copy_of(covered_by(found))
    if request.GET.get("bentuk") == "json" or request.POST.get("bentuk") == "json":
        text = json.dumps(content, ensure_ascii=False, indent=1)
        answer: HttpResponse = HttpResponse(text, content_type="application/json")
        answer.headers["Content-Disposition"] = 'attachment; filename="data-saya.json"'
    else:
        known = {"copy": content, "institution": found.institution}
        answer = render(request, "inbox/citizens/copy.html", known)
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _find(request: StaffRequest, request_id: int) -> RightsRequest:
    here = RightsRequest.objects.select_related("citizen", "conversation", "institution")
    return get_object_or_404(here, pk=request_id, institution_id=request.member.institution_id)


def _page(
    request: StaffRequest, found: RightsRequest, refusal: RefusalForm | None = None
) -> HttpResponse:
    known = {
        "asked": found,
        "who": pseudonym(found.citizen.key),
        "refusal": refusal or RefusalForm(),
        "hold": hold_on(group_of(found.citizen)),
        "certificate": Certificate.objects.filter(request=found).first(),
        "is_running": found.state in asking.OPEN,
        "is_late": found.state in asking.OPEN and found.due_at <= now(),
        "may_prove": found.state == "received" and found.noted_by_id != request.member.pk,
    }
    status = 422 if refusal is not None else 200
    return render(request, "inbox/citizens/request.html", known, status=status)


def _try(request: StaffRequest, deed: Callable[[], object], done: str) -> None:
    try:
        deed()
    except ValidationError as refused:
        messages.error(request, " ".join(refused.messages))
    else:
        messages.success(request, done)


def _sheltered(answer: HttpResponse) -> HttpResponse:
    answer.headers["Referrer-Policy"] = "no-referrer"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return answer
