"""Answers that wait for a second person, and the policies by which they wait."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from balai.ground.forms import tried
from balai.inbox import selectors, services
from balai.inbox.forms.approving import ApproveForm, PolicyForm, ReturnForm
from balai.inbox.models import Conversation, HeldAnswer
from balai.inbox.rules import NotAllowedNow
from balai.inbox.wording import SENSITIVE_NAMES, pseudonym
from balai.people.middleware import StaffRequest, needs
from balai.people.models import Member
from balai.people.selectors import may, may_somewhere

# What may have happened since the answer was written; each says in words what to do.
MOVED_ON = (
    services.AlreadyAnswered,
    services.CitizenWroteMeanwhile,
    services.LineClosed,
    services.NoRightToReply,
    services.NotWaiting,
    services.NotSober,
    services.TooLong,
    services.Unfilled,
)


@require_GET
@needs("conversation.view")
def waiting(request: StaffRequest) -> HttpResponse:
    """What waits for approval in conversations that the reader may read, the oldest first."""
    member = request.member
    shown = [
        {**told(held, member), "who": pseudonym(held.conversation.citizen.key)}
        for held in selectors.answers_that_wait(member)
    ]
    return render(request, "inbox/waiting.html", {"held": shown})


def told(held: HeldAnswer, member: Member) -> dict[str, Any]:
    """A held answer as the page shows it, with what this reader may do."""
    talk = held.conversation
    right = may(
        member,
        "conversation.approve",
        talk.institution_id,
        unit=talk.unit_id,
        owner=talk.assignee_id,
    )
    is_mine = held.author_id == member.pk
    return {
        "held": held,
        "is_mine": is_mine,
        "may_decide": right and not is_mine,
        "approve": ApproveForm(initial={"text_hash": held.text_hash}, auto_id=False),
        "give_back": ReturnForm(auto_id=f"return_{held.pk}_%s"),
    }


@require_POST
@needs("conversation.approve")
def approve(request: StaffRequest, held_id: int) -> HttpResponse:
    """Let it leave in the words that were read."""
    held = _held(request, held_id)
    form = ApproveForm(request.POST)
    text_hash = form.cleaned_data["text_hash"] if form.is_valid() else ""
    try:
        message = services.approve_answer(held, by=request.member, text_hash=text_hash)
    except MOVED_ON as moved:
        messages.error(request, str(moved))
        return redirect("inbox:conversation", held.conversation_id)
    except NotAllowedNow:
        return _too_late(request, held)
    messages.success(
        request, _("Approved. It leaves in 20 seconds and can be called off until then.")
    )
    address = str(redirect("inbox:conversation", held.conversation_id).url)
    return redirect(f"{address}#m{message.pk}")


@require_POST
@needs("conversation.approve")
def give_back(request: StaffRequest, held_id: int) -> HttpResponse:
    """Return it to its author with what must change."""
    held = _held(request, held_id)
    try:
        services.return_answer(held, by=request.member, reason=request.POST.get("reason", "")[:300])
    except (ValidationError, services.NotWaiting) as problem:
        words = problem.messages[0] if isinstance(problem, ValidationError) else str(problem)
        messages.error(request, words)
        return redirect("inbox:conversation", held.conversation_id)
    except NotAllowedNow:
        return _too_late(request, held)
    messages.success(request, _("Returned. Its author sees why and can mend it."))
    return redirect("inbox:waiting")


@require_POST
@needs("conversation.answer")
def withdraw(request: StaffRequest, held_id: int) -> HttpResponse:
    """The author takes it back to mend it."""
    held = _held(request, held_id)
    try:
        services.withdraw_answer(held, by=request.member)
    except services.NotWaiting as late:
        messages.error(request, str(late))
    except NotAllowedNow:
        return _too_late(request, held)
    else:
        messages.success(request, _("Taken back. Your words are a draft again."))
    address = str(redirect("inbox:conversation", held.conversation_id).url)
    return redirect(f"{address}#answer")


@require_GET
@needs("conversation.view")
def policies(request: StaffRequest) -> HttpResponse:
    """Which answers a second person reads here."""
    shown = {
        "policies": [
            (one, SENSITIVE_NAMES.get(one.sensitivity, _("Anything sensitive")))
            for one in selectors.policies_of(request.member.institution)
        ],
        "may_arrange": may_somewhere(request.member, "desk.arrange", request.member.institution_id),
    }
    return render(request, "inbox/policies.html", shown)


@needs("desk.arrange")
def add_policy(request: StaffRequest) -> HttpResponse:
    """Ask for a second person from now on."""
    institution = request.member.institution
    form = PolicyForm(request.POST or None, institution=institution)
    if form.is_valid() and tried(form, services.add_policy, institution, by=request.member):
        messages.success(request, _("Such answers wait for a second person from now on."))
        return redirect("inbox:policies")
    shown = {"form": form, "title": _("Add a policy"), "back": "inbox:policies"}
    return render(request, "people/ask.html", shown, status=422 if form.errors else 200)


@require_POST
@needs("desk.arrange")
def end_policy(request: StaffRequest, policy_id: int) -> HttpResponse:
    """Such answers leave without a second person again."""
    here = selectors.policies_of(request.member.institution)
    services.end_policy(get_object_or_404(here, pk=policy_id), by=request.member)
    messages.success(request, _("Ended. What waits already still waits for a second person."))
    return redirect("inbox:policies")


def _held(request: StaffRequest, held_id: int) -> HeldAnswer:
    """A held answer in a conversation that the reader may read; else it does not exist."""
    held = get_object_or_404(
        HeldAnswer.objects.select_related("author"),
        pk=held_id,
        institution_id=request.member.institution_id,
    )
    try:
        held.conversation = selectors.open_to(request.member, held.conversation_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    if held.conversation.state == Conversation.State.SEALED:
        raise Http404
    return held


def _too_late(request: StaffRequest, held: HeldAnswer) -> HttpResponse:
    words = _("The conversation moved on meanwhile; this is no longer possible. Look again.")
    messages.error(request, words)
    return redirect("inbox:conversation", held.conversation_id)
