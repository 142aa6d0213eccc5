"""The bell, my tasks, and tasks in a conversation."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from balai.ground.clock import now
from balai.inbox import selectors, services
from balai.inbox.models import Call, Task
from balai.inbox.rules import NotAllowedNow
from balai.inbox.wording import pseudonym
from balai.people.middleware import StaffRequest, needs, staff_only

# Where a call leads, in the page of its conversation.
PLACES = {
    Call.Kind.MENTION: "#m{ref}",
    Call.Kind.TASK: "#tasks",
    Call.Kind.TASK_DONE: "#tasks",
    Call.Kind.HELD: "#held",
    Call.Kind.RETURNED: "#answer",
    Call.Kind.TOLD: "#questions",
}


@require_GET
@staff_only
def calls(request: StaffRequest) -> HttpResponse:
    """To what the reader was called, the newest first."""
    shown = [
        {
            "call": one.call,
            "who": pseudonym(one.call.conversation.citizen.key) if one.can_read else "",
            "can_go": one.can_read or one.call.kind == Call.Kind.ASKED,
        }
        for one in selectors.calls_of(request.member)
    ]
    return render(request, "inbox/calls.html", {"calls": shown})


@require_GET
@staff_only
def bell(request: StaffRequest) -> HttpResponse:
    """The number alone, for an open page."""
    answer = render(
        request, "bell.jinja", {"unseen": selectors.unseen_calls(request.member)}, using="jinja2"
    )
    patch_cache_control(answer, private=True, no_store=True)
    return answer


@require_POST
@staff_only
def go(request: StaffRequest, call_id: int) -> HttpResponse:
    """On to what one was called to; the call is no longer new."""
    one = Call.objects.filter(member=request.member, pk=call_id).first()
    if one is None:
        raise Http404
    services.note_seen(request.member, call_id=one.pk)
    if one.kind == Call.Kind.ASKED:
        return redirect("inbox:question", one.ref)
    place = PLACES.get(Call.Kind(one.kind), "").format(ref=one.ref)
    address = str(redirect("inbox:conversation", one.conversation_id).url)
    return redirect(f"{address}{place}")


@require_POST
@staff_only
def all_seen(request: StaffRequest) -> HttpResponse:
    """None of them is new any more."""
    services.note_seen(request.member)
    return redirect("inbox:calls")


@require_GET
@needs("conversation.view")
def tasks(request: StaffRequest) -> HttpResponse:
    """What the reader is to do, the nearest day first."""
    today = now().date()
    shown = [
        {
            "task": task,
            "who": pseudonym(task.conversation.citizen.key),
            "is_late": task.until is not None and task.until < today,
        }
        for task in selectors.tasks_of(request.member)
    ]
    return render(request, "inbox/tasks.html", {"tasks": shown})


@require_POST
@needs("conversation.view")
def settle_task(request: StaffRequest, task_id: int) -> HttpResponse:
    """Done, or not done after all."""
    task = _task(request, task_id)
    deed = services.undo_task if "undo" in request.POST else services.do_task
    try:
        deed(task, by=request.member)
    except NotAllowedNow as late:
        raise Http404 from late
    words = _("It is to be done again.") if "undo" in request.POST else _("Done.")
    messages.success(request, words)
    if "mine" in request.POST:
        return redirect("inbox:tasks")
    address = str(redirect("inbox:conversation", task.conversation_id).url)
    return redirect(f"{address}#tasks")


def _task(request: StaffRequest, task_id: int) -> Task:
    try:
        return selectors.task_for(request.member, task_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
