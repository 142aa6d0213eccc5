"""One conversation: the thread, the answer, the citizen, the clock and the trace."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.utils.timezone import localdate
from django.utils.translation import get_language, gettext
from django.views.decorators.http import condition, require_GET

from balai.channels.models import Connection
from balai.channels.selectors import promises
from balai.governance.selectors import NoTarget, calendar_of, target
from balai.ground.clock import now
from balai.ground.services import news_mark
from balai.inbox import selectors
from balai.inbox.forms import office
from balai.inbox.forms.desk import LabelsForm
from balai.inbox.forms.questions import AskUnitForm
from balai.inbox.forms.teamwork import NoteForm, TaskForm
from balai.inbox.models import Conversation, Message
from balai.inbox.plain import careful
from balai.inbox.services import fresh_form_key
from balai.inbox.views.approving import told
from balai.inbox.views.composing import composing
from balai.inbox.views.finding import Allowed, allowed, conversation_of, open_until
from balai.inbox.views.said import Said, said
from balai.inbox.wording import (
    BY_THE_WALL,
    CLOCK_NAMES,
    LANGUAGE_NAMES,
    MODERATION_NAMES,
    corrected,
    due,
    pseudonym,
    way,
)
from balai.people.middleware import StaffRequest, needs


@require_GET
@needs("conversation.view")
def conversation(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """The page of one conversation."""
    return page(request, conversation_of(request, conversation_id))


def _etag(request: HttpRequest, conversation_id: int) -> str:
    minute = int(now().timestamp()) // 60
    member = getattr(request, "member", None)
    return f'"{conversation_id}-{news_mark()}-{minute}-{member and member.pk}-{get_language()}"'


@require_GET
@needs("conversation.view")
@condition(etag_func=_etag)
def part(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """What moves on an open page; the form in which the officer writes is not in it."""
    found = conversation_of(request, conversation_id)
    answer = render(request, "inbox/conversation.html#live", context(request, found, {}))
    patch_cache_control(answer, private=True, no_cache=True)
    return answer


def page(
    request: StaffRequest,
    found: Conversation,
    forms: Mapping[str, Form] | None = None,
    *,
    said_first: Message | None = None,
) -> HttpResponse:
    """The page, with the forms as the officer left them; 422 when one of them has problems."""
    known = context(request, found, forms or {}) | {
        "said_first": said_first,
        "others": selectors.others_at(found, request.member),
    }
    held = selectors.answer_that_waits(found)
    if held is not None and not known["is_sealed"]:
        held.conversation = found
        known["waiting"] = told(held, request.member)
    known["composing"] = composing(request, found) if "answer" in known["forms"] else {}
    wrong = said_first is not None or any(form.errors for form in (forms or {}).values())
    answer = render(request, "inbox/conversation.html", known, status=422 if wrong else 200)
    patch_cache_control(answer, private=True, no_store=True)
    return answer


def context(
    request: StaffRequest, found: Conversation, forms: Mapping[str, Form]
) -> dict[str, Any]:
    """All that the page says."""
    until = open_until(request, found)
    may = allowed(request, found)
    rights = selectors.rights_of(found)
    may = may._replace(answer=may.answer and rights.may)
    if not may.identity:
        until = None
    is_sealed = found.state == Conversation.State.SEALED
    hidden = selectors.hidden_under(found) if found.state == "moderated" else None
    thread = [] if is_sealed else _thread(request, found, opened=until is not None)
    return {
        "conversation": found,
        "who": pseudonym(found.citizen.key),
        "subject": found.subject if until else careful(found.subject),
        "is_sealed": is_sealed,
        "is_line_closed": found.connection.state == Connection.State.CLOSED,
        "hidden": hidden,
        "hidden_rule": MODERATION_NAMES.get(hidden.rule, "") if hidden else "",
        "thread": thread,
        "newest": thread[-1].message.pk if thread else found.last_message_id,
        "older": thread[0].message.pk if len(thread) == selectors.LONGEST_TALK else None,
        "allowed": may,
        "forms": _forms(request, found, may) | dict(forms),
        "opened_until": until,
        "identity": selectors.identity_of(found) if until else {},
        "earlier": selectors.earlier_of_citizen(found, request.member),
        "corrections": []
        if is_sealed
        else [corrected(one) for one in selectors.corrections_of(found)],
        "trace": selectors.trace_of(found),
        "clock": _clock(found),
        "promises": promises(found.connection),
        "rights": rights,
        "why_not": gettext(rights.why_not) if rights.why_not else "",
        "way": way(rights, found.connection.name, now()),
        "languages": LANGUAGE_NAMES,
        "tasks": [] if is_sealed else selectors.tasks_in(found),
        "questions": [] if is_sealed else selectors.questions_in(found),
        "today": localdate(),
        "tags": selectors.tags_of([found.pk]).get(found.pk, ()),
        "member": request.member,
    }


def _thread(request: StaffRequest, found: Conversation, *, opened: bool) -> list[Said]:
    before, whole = request.GET.get("before", ""), request.GET.get("whole", "")
    told = selectors.told(found, before=int(before) if before.isdecimal() else None)
    return [said(one, opened=opened, whole=whole == str(one.message.pk)) for one in told]


def _forms(request: StaffRequest, found: Conversation, may: Allowed) -> dict[str, Form]:
    """Fresh forms for what the reader may do."""
    forms: dict[str, Form] = {}
    if may.answer:
        start = {"form_key": fresh_form_key(), "after": found.last_message_id}
        forms["answer"] = office.AnswerForm(initial={**start, **_draft(request, found)})
    if may.note:
        here = found.institution
        forms["note"] = NoteForm(institution=here, auto_id="note_%s")
        forms["question"] = AskUnitForm(institution=here, auto_id="question_%s")
        forms["task"] = TaskForm(institution=here, auto_id="task_%s")
    if may.triage:
        now_said = {name: getattr(found, name) for name in office.TriageForm.base_fields}
        forms["triage"] = office.TriageForm(initial=now_said, auto_id="triage_%s")
        forms["label"] = LabelsForm(
            institution=found.institution,
            initial={"labels": list(found.labellings.values_list("label_id", flat=True))},
            auto_id="labels_%s",
        )
    if may.assign:
        forms["assign"] = office.AssignForm(
            institution=found.institution,
            initial={"unit": found.unit_id, "to": found.assignee_id},
            auto_id="assign_%s",
        )
    forms["set_aside"] = office.SetAsideForm(auto_id="aside_%s")
    forms["seal"] = office.SealForm(auto_id="seal_%s")
    forms["moderate"] = office.ModerateForm(auto_id="moderate_%s")
    forms["restore"] = office.ReasonForm(auto_id="restore_%s")
    forms["reopen"] = office.ReasonForm(auto_id="reopen_%s")
    forms["identity"] = office.ReasonForm(auto_id="identity_%s")
    forms["proof"] = office.ProofForm(auto_id="proof_%s")
    return forms


def _draft(request: StaffRequest, found: Conversation) -> dict[str, Any]:
    """What the officer was writing: a called-off answer that is to be mended, else the draft."""
    called_off = request.GET.get("draft", "")
    if not called_off.isdecimal():
        kept_draft = selectors.draft_of(found, request.member)
        names = ("text", "asks_back", "articles")
        return {name: getattr(kept_draft, name) for name in names} if kept_draft else {}
    kept = found.messages.filter(
        pk=int(called_off), kind="called_off", author=request.member
    ).first()
    return {"text": kept.text} if kept else {}


def _clock(found: Conversation) -> dict[str, Any] | None:
    """When the first response is due and by which rule: limit, citation and its mark."""
    if not found.clock or found.due_at is None:
        return None
    try:
        rule = target(found.institution, found.clock)
    except (NoTarget, ObjectDoesNotExist):
        rule = None
    runs = found.is_open and found.first_answered_at is None
    calendar = calendar_of(found.institution)
    return {
        "name": CLOCK_NAMES.get(found.clock, found.clock),
        "rule": rule,
        "due": due(found.clock, found.due_at, calendar, now()) if runs else None,
        "by_the_wall": found.clock in BY_THE_WALL,
        "in_time": found.first_answered_at is not None and found.first_answered_at <= found.due_at,
    }
