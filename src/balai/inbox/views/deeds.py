"""What an officer does to a conversation: find, check, one verb, back to the page."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from balai.channels.models import Dispatch
from balai.channels.services import declare_out
from balai.inbox import services
from balai.inbox.forms import office
from balai.inbox.forms.desk import LabelsForm
from balai.inbox.forms.questions import AskUnitForm
from balai.inbox.forms.teamwork import NoteForm, TaskForm
from balai.inbox.models import Conversation, Message
from balai.inbox.rules import NotAllowedNow
from balai.inbox.selectors import ANSWER
from balai.inbox.views.conversation import page
from balai.inbox.views.finding import keep_open, unsealed
from balai.people.middleware import StaffRequest, needs
from balai.people.models import Member

Do = Callable[[Conversation, Member, Any], object]


class Deed(NamedTuple):
    """A verb with its form and what the officer reads when it is done."""

    name: str
    form: Callable[..., forms.Form]
    do: Do
    done: Any


def _assign_form(data: Any, *, conversation: Conversation) -> forms.Form:
    return office.AssignForm(data, institution=conversation.institution, auto_id="assign_%s")


def _labels_form(data: Any, *, conversation: Conversation) -> forms.Form:
    return LabelsForm(data, institution=conversation.institution, auto_id="labels_%s")


def _note_form(data: Any, *, conversation: Conversation) -> forms.Form:
    return NoteForm(data, institution=conversation.institution, auto_id="note_%s")


def _task_form(data: Any, *, conversation: Conversation) -> forms.Form:
    return TaskForm(data, institution=conversation.institution, auto_id="task_%s")


def _question_form(data: Any, *, conversation: Conversation) -> forms.Form:
    return AskUnitForm(data, institution=conversation.institution, auto_id="question_%s")


def _plain(form: type[forms.Form], auto_id: str) -> Callable[..., forms.Form]:
    return lambda data, *, conversation: form(data, auto_id=f"{auto_id}_%s")


DEEDS = {
    deed.name: deed
    for deed in (
        Deed(
            "note",
            _note_form,
            lambda c, by, form: services.write_note(c, by=by, **form.cleaned_data),
            gettext_lazy("The note was kept. Only this office sees it."),
        ),
        Deed(
            "task",
            _task_form,
            lambda c, by, form: services.give_task(c, by=by, **form.cleaned_data),
            gettext_lazy("The task was given."),
        ),
        Deed(
            "question",
            _question_form,
            lambda c, by, form: services.ask_unit(c, by=by, **form.cleaned_data),
            gettext_lazy("The unit is asked. Its answer comes back here."),
        ),
        Deed(
            "triage",
            _plain(office.TriageForm, "triage"),
            lambda c, by, form: services.triage(c, by=by, said=form.said()),
            gettext_lazy("Your judgement was kept beside the machine's."),
        ),
        Deed(
            "assign",
            _assign_form,
            lambda c, by, form: services.assign(c, by=by, **form.cleaned_data),
            gettext_lazy("The conversation was assigned."),
        ),
        Deed(
            "label",
            _labels_form,
            lambda c, by, form: services.put_labels(c, by=by, **form.said()),
            gettext_lazy("The labels were changed."),
        ),
        Deed(
            "set_aside",
            _plain(office.SetAsideForm, "aside"),
            lambda c, by, form: services.set_aside(c, by=by, **form.cleaned_data),
            gettext_lazy("Set aside: no answer is needed."),
        ),
        Deed(
            "resolve",
            _plain(office.NothingForm, "resolve"),
            lambda c, by, form: services.resolve(c, by=by),
            gettext_lazy("Resolved. The citizen may still say otherwise."),
        ),
        Deed(
            "reopen",
            _plain(office.ReasonForm, "reopen"),
            lambda c, by, form: services.take_up_again(c, by=by, **form.cleaned_data),
            gettext_lazy("Taken up again."),
        ),
        Deed(
            "moderate",
            _plain(office.ModerateForm, "moderate"),
            lambda c, by, form: services.moderate(c, by=by, **form.cleaned_data),
            gettext_lazy("Hidden. The rule, your name and the notice to the author are recorded."),
        ),
        Deed(
            "restore",
            _plain(office.ReasonForm, "restore"),
            lambda c, by, form: services.restore(c, by=by, **form.cleaned_data),
            gettext_lazy("Shown again; an answer is owed."),
        ),
        Deed(
            "seal",
            _plain(office.SealForm, "seal"),
            lambda c, by, form: services.seal(c, by=by, **form.cleaned_data),
            gettext_lazy("Moved to a safe channel. It can no longer be read here."),
        ),
    )
}


@require_POST
@needs("conversation.view")
def do(request: StaffRequest, conversation_id: int, deed: str) -> HttpResponse:
    """One deed of the table above."""
    found, wanted = unsealed(request, conversation_id), DEEDS.get(deed)
    if wanted is None:
        raise Http404
    form = wanted.form(request.POST, conversation=found)
    if form.is_valid() and _tried(form, lambda: wanted.do(found, request.member, form)):
        messages.success(request, wanted.done)
        return redirect("inbox:conversation", found.pk)
    return page(request, found, {deed: form})


@require_POST
@needs("conversation.answer")
def answer(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Answer the citizen. Whatever speaks against it, the officer's words stay in the form."""
    found = unsealed(request, conversation_id)
    form = office.AnswerForm(request.POST)
    if form.is_valid():
        try:
            if _tried(form, lambda: services.answer(found, by=request.member, **form.cleaned_data)):
                return redirect(f"{_address(found)}#latest")
        except (services.TooLong, services.LineClosed, services.Unfilled) as problem:
            form.add_error("text", str(problem))
        except services.NoRightToReply as ended:
            said = {name: form.cleaned_data[name] for name in ("text", "asks_back", "articles")}
            services.save_draft(found, by=request.member, **said)
            messages.error(request, str(ended))
            return redirect(f"{_address(found)}#answer")
        except services.NotSober as problem:
            form.add_error("fun_reason", str(problem))
        except services.CitizenWroteMeanwhile as more:
            form.add_error(None, str(more))
            # The page that comes now shows those words: the next press has seen them.
            seen = request.POST.copy()
            seen["after"] = str(found.last_message_id)
            form.data = seen
        except services.NeedsApproval:
            return _hold(request, found, form)
        except services.AnswerWaits as other:
            form.add_error(None, str(other))
        except services.AlreadyAnswered as earlier:
            return page(request, found, {"answer": form}, said_first=earlier.answer)
    return page(request, found, {"answer": form})


def _hold(request: StaffRequest, found: Conversation, form: office.AnswerForm) -> HttpResponse:
    """Keep it for a second person: every other reason against it was looked for before."""
    try:
        held = _tried(
            form, lambda: services.hold_answer(found, by=request.member, **form.cleaned_data)
        )
    except services.AnswerWaits as other:
        form.add_error(None, str(other))
        held = False
    if not held:
        return page(request, found, {"answer": form})
    messages.success(
        request, _("It waits for a second person. The citizen's clock goes on meanwhile.")
    )
    return redirect(f"{_address(found)}#held")


@require_POST
@needs("conversation.answer")
def undo(request: StaffRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """Call an answer off while it has not left; its words come back into the form."""
    found = unsealed(request, conversation_id)
    message = get_object_or_404(found.messages, pk=message_id, direction=Message.Direction.OUT)
    if services.undo_answer(message, by=request.member):
        messages.success(request, _("The answer did not leave. Your text is back in the form."))
        return redirect(f"{_address(found)}?draft={message.pk}#answer")
    messages.error(request, _("Too late: the answer is already on its way."))
    return redirect(_address(found))


@require_POST
@needs("conversation.identity")
def identity(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Open name, address and personal data for a while. The opening is recorded with its reason."""
    found = unsealed(request, conversation_id)
    form = office.ReasonForm(request.POST, auto_id="identity_%s")
    if form.is_valid() and _tried(
        form, lambda: services.open_identity(found, by=request.member, **form.cleaned_data)
    ):
        keep_open(request, found)
        return redirect(f"{_address(found)}#citizen")
    return page(request, found, {"identity": form})


@require_POST
@needs("conversation.answer")
def settle(request: StaffRequest, conversation_id: int, message_id: int) -> HttpResponse:
    """A person looked on the network: the answer is there (with its link), or it must go again."""
    found = unsealed(request, conversation_id)
    message = get_object_or_404(found.messages, pk=message_id)
    dispatch = get_object_or_404(Dispatch, purpose=ANSWER, ref=message.pk)
    if "again" in request.POST:
        try:
            services.send_answer_again(message, by=request.member)
        except services.AlreadyAnswered as earlier:
            return page(request, found, said_first=earlier.answer)
        except services.LineClosed as closed:
            messages.error(request, str(closed))
        return redirect(f"{_address(found)}#m{message.pk}")
    form = office.ProofForm(request.POST, auto_id="proof_%s")
    if form.is_valid():
        declare_out(dispatch, url=form.cleaned_data["url"], by=request.member)
        return redirect(f"{_address(found)}#m{message.pk}")
    return page(request, found, {"proof": form})


def _tried(form: forms.Form, deed: Callable[[], object]) -> bool:
    """Do it; what speaks against it is said at the form."""
    try:
        deed()
    except NotAllowedNow:
        words = _("The conversation moved on meanwhile; this is no longer possible. Look again.")
        form.add_error(None, words)
    except ValidationError as problem:
        form.add_error(None, problem)
    return not form.errors


def _address(found: Conversation) -> str:
    return str(redirect("inbox:conversation", found.pk).url)
