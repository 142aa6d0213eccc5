"""The keepers' room: who keeps which safe path, and what lies there.

The words are drawn in the answer to the passphrase and nowhere else: no session, no cache, no
address leads back to them.
"""

from collections.abc import Callable
from urllib.parse import quote

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from balai.ground.forms import note_refusal
from balai.inbox.forms.keeping import NameForm, OpenForm, ReadyForm, ShareForm
from balai.inbox.models import Keeper, SealedTalk
from balai.inbox.selectors import keeping as selectors
from balai.inbox.services import sealing
from balai.inbox.uploads import kind_of, shown_name
from balai.inbox.wording import pseudonym
from balai.people.middleware import StaffRequest, staff_only
from balai.people.selectors import may_somewhere


@require_GET
@staff_only
def room(request: StaffRequest) -> HttpResponse:
    """Who keeps which channel, and what I keep. Nothing here says whether anything lies there."""
    _enter(request)
    return _room(request)


@require_POST
@staff_only
def name(request: StaffRequest) -> HttpResponse:
    """Name a keeper."""
    _enter(request)
    home = request.member.institution
    form = NameForm(request.POST, institution=home)
    if form.is_valid() and _did(
        form, lambda: sealing.name_keeper(home, by=request.member, **form.cleaned_data)
    ):
        messages.success(request, _("Named. The keeper chooses a passphrase on this page."))
        return redirect("inbox:keeping")
    return _room(request, naming=form)


@require_POST
@staff_only
def end(request: StaffRequest, keeper_id: int) -> HttpResponse:
    """A keeper keeps no longer."""
    _enter(request)
    found = get_object_or_404(
        Keeper, pk=keeper_id, institution_id=request.member.institution_id, ended_at=None
    )
    form = Form({})
    if _did(form, lambda: sealing.end_keeper(found, by=request.member)):
        messages.success(request, _("Ended. This person opens nothing any more."))
    for problem in form.non_field_errors():
        messages.error(request, str(problem))
    return redirect("inbox:keeping")


@sensitive_post_parameters()
@require_POST
@staff_only
def ready(request: StaffRequest, keeper_id: int) -> HttpResponse:
    """The keeper chooses a passphrase."""
    mine = _mine(request, keeper_id)
    form = ReadyForm(request.POST, auto_id=f"ready-{mine.pk}-%s")
    if form.is_valid() and _did(
        form,
        lambda: sealing.make_ready(
            mine, passphrase=form.cleaned_data["passphrase"], by=request.member
        ),
    ):
        messages.success(request, _("You keep this channel now. What comes is sealed to you."))
        return redirect("inbox:keeping")
    return _room(request, readying=(mine.pk, form))


@sensitive_post_parameters()
@require_POST
@staff_only
def share(request: StaffRequest, keeper_id: int) -> HttpResponse:
    """Let another keeper open what lies on the path."""
    mine = _mine(request, keeper_id)
    form = ShareForm(request.POST, keeper=mine, auto_id=f"share-{mine.pk}-%s")
    if form.is_valid() and _did(
        form, lambda: sealing.share_keys(mine, by=request.member, **form.cleaned_data)
    ):
        messages.success(request, _("The other keeper can open it all from now on."))
        return redirect("inbox:keeping")
    return _room(request, sharing=(mine.pk, form))


@sensitive_post_parameters()
@require_http_methods(["GET", "POST"])
@staff_only
def talk(request: StaffRequest, sealed_id: int) -> HttpResponse:
    """One sealed conversation; POST opens it for this one answer."""
    found = _sealed(request, sealed_id)
    form = OpenForm(request.POST or None)
    known = {"sealed": found, "who": pseudonym(found.conversation.citizen.key), "form": form}
    if request.method == "POST" and form.is_valid():
        _did(form, lambda: known.update(pieces=_open(request, found, form)))
    answer = render(
        request, "inbox/citizens/sealed.html", known, status=422 if form.errors else 200
    )
    patch_cache_control(answer, private=True, no_store=True)
    return answer


@sensitive_post_parameters()
@require_POST
@staff_only
def file(request: StaffRequest, sealed_id: int, message_id: int, number: int) -> HttpResponse:
    """One file of the sealed words, as bytes to keep; it asks for the passphrase again."""
    found = _sealed(request, sealed_id)
    form = OpenForm(request.POST)
    pieces: list[sealing.SealedWords] = []
    if not form.is_valid() or not _did(form, lambda: pieces.extend(_open(request, found, form))):
        messages.error(request, _("This is not the passphrase that you chose."))
        return redirect("inbox:sealed", found.pk)
    words = [word for piece in pieces for word in piece.words if word.id == message_id]
    if not words or number >= len(words[0].files):
        raise Http404
    meant = words[0].files[number]
    answer = HttpResponse(meant.body, content_type=kind_of(meant.body[:16]))
    shown = quote(shown_name(meant.name), safe="")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{shown}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


@require_POST
@staff_only
def handled(request: StaffRequest, sealed_id: int) -> HttpResponse:
    """The matter was dealt with."""
    sealing.note_handled(_sealed(request, sealed_id), by=request.member)
    messages.success(request, _("Noted, with the hour."))
    return redirect("inbox:keeping")


def _room(
    request: StaffRequest,
    *,
    naming: NameForm | None = None,
    readying: tuple[int, ReadyForm] | None = None,
    sharing: tuple[int, ShareForm] | None = None,
) -> HttpResponse:
    member = request.member
    home = member.institution
    mine = []
    for one in selectors.keeping(member):
        ready_form = ReadyForm(auto_id=f"ready-{one.pk}-%s")
        share_form = ShareForm(keeper=one, auto_id=f"share-{one.pk}-%s")
        if readying and readying[0] == one.pk:
            ready_form = readying[1]
        if sharing and sharing[0] == one.pk:
            share_form = sharing[1]
        mine.append({"keeper": one, "ready": ready_form, "share": share_form})
    names = may_somewhere(member, "sealed.appoint", home.pk)
    known = {
        "mine": mine,
        "talks": selectors.sealed_for(member),
        "naming": (naming or NameForm(institution=home)) if names else None,
        "keepers": selectors.keepers_in(home.pk),
        "unkept": selectors.waiting_without_keeper(home.pk) if names else [],
    }
    status = 422 if naming or readying or sharing else 200
    answer = render(request, "inbox/citizens/keeping.html", known, status=status)
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def _enter(request: StaffRequest) -> None:
    if not may_somewhere(request.member, "sealed.keep", request.member.institution_id):
        raise Http404


def _mine(request: StaffRequest, keeper_id: int) -> Keeper:
    mine = {one.pk: one for one in selectors.keeping(request.member)}
    if keeper_id not in mine:
        raise Http404
    return mine[keeper_id]


def _sealed(request: StaffRequest, sealed_id: int) -> SealedTalk:
    try:
        return selectors.sealed_talk_for(request.member, sealed_id)
    except SealedTalk.DoesNotExist as missing:
        raise Http404 from missing


def _open(request: StaffRequest, found: SealedTalk, form: OpenForm) -> list[sealing.SealedWords]:
    return sealing.open_sealed_talk(found, by=request.member, **form.cleaned_data)


def _did(form: Form, deed: Callable[[], object]) -> bool:
    try:
        deed()
    except ValidationError as refused:
        note_refusal(form, refused)
    return not form.errors
