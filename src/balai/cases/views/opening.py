"""From a conversation to its case: the one in which it speaks, or a new one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balai.cases import selectors, services
from balai.cases.forms import JoinForm, OpenForm
from balai.cases.models import Case
from balai.ground.forms import note_refusal, tried
from balai.inbox.models import Conversation
from balai.inbox.selectors import last_word_of_citizen
from balai.inbox.selectors import open_to as conversation_open_to
from balai.people.middleware import StaffRequest, needs


@needs("case.view")
def of_conversation(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """The case in which a conversation speaks; the form of a new one where there is none."""
    conversation = _conversation(request, conversation_id)
    found = selectors.case_of_conversation(conversation)
    if found is not None:
        return redirect("cases:case", found.pk)
    return _open(request, conversation)


@require_POST
@needs("case.open")
def join(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Let a conversation speak in a case that is there."""
    conversation = _conversation(request, conversation_id)
    form = JoinForm(request.POST, auto_id="join_%s")
    if form.is_valid():
        try:
            found = selectors.open_to(request.member, form.cleaned_data["case"])
            services.add_voice(found, conversation, by=request.member)
        except ObjectDoesNotExist:
            form.add_error("case", _("There is no such case here."))
        except ValidationError as refused:
            note_refusal(form, refused)
        else:
            messages.success(request, _("Added. This citizen is told whatever the others are."))
            return redirect("cases:case", found.pk)
    return _page(request, conversation, _fresh(conversation), form)


@needs("case.open")
def _open(request: StaffRequest, conversation: Conversation) -> HttpResponse:
    if request.method != "POST":
        return _page(request, conversation, _fresh(conversation))
    form = OpenForm(request.POST)
    made = form.is_valid() and tried(form, services.open_case, conversation, by=request.member)
    if isinstance(made, Case):
        messages.success(request, _("The case is open. Its clock runs since the citizen spoke."))
        return redirect("cases:case", made.pk)
    return _page(request, conversation, form)


def _page(
    request: StaffRequest,
    conversation: Conversation,
    form: OpenForm,
    joining: JoinForm | None = None,
) -> HttpResponse:
    title = str(form["title"].value() or "")
    known: dict[str, Any] = {
        "conversation": conversation,
        "form": form,
        "join": joining or JoinForm(auto_id="join_%s"),
        "similar": selectors.similar(None, title, "", request.member),
    }
    wrong = form.errors or (joining is not None and joining.errors)
    return render(request, "cases/open.html", known, status=422 if wrong else 200)


def _fresh(conversation: Conversation) -> OpenForm:
    """What the reading proposes; the officer puts it right."""
    reading = last_word_of_citizen(conversation).reading or {}
    places = reading.get("places") or []
    topic = str((reading.get("topic") or {}).get("value") or "")
    kind = conversation.intent if conversation.intent in Case.Kind.values else Case.Kind.COMPLAINT
    start = {
        "kind": kind,
        "title": selectors.first_words(conversation),
        "category": topic.replace("_", " "),
        "place": str(places[0].get("name") or "") if places else "",
        "area_code": str(places[0].get("code") or "") if places else "",
        "is_confidential": bool(conversation.sensitivity),
    }
    return OpenForm(initial=start)


def _conversation(request: StaffRequest, conversation_id: int) -> Conversation:
    try:
        return conversation_open_to(request.member, conversation_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
