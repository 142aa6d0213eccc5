"""What a unit is asked, and its answer; in the conversation: asking more, asking no longer."""

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from balai.ground.forms import tried
from balai.inbox import selectors, services
from balai.inbox.forms.questions import WordsForm
from balai.inbox.models import SideQuestion
from balai.inbox.rules import NotAllowedNow
from balai.inbox.selectors.questions import Thread
from balai.inbox.views.finding import unsealed
from balai.people.middleware import StaffRequest, needs


@require_GET
@needs("question.answer")
def questions(request: StaffRequest) -> HttpResponse:
    """What the reader's units are asked, the nearest day first."""
    shown = {
        "waiting": selectors.questions_to(request.member),
        "answered": selectors.questions_to(request.member, answered=True),
        "today": localdate(),
    }
    return render(request, "inbox/questions.html", shown)


@needs("question.answer")
def question(request: StaffRequest, question_id: int) -> HttpResponse:
    """One question: the words quoted in it, and the unit's answer."""
    thread = _to(request, question_id)
    form = WordsForm(request.POST or None)
    if form.is_valid():
        try:
            said = tried(form, services.answer_question, thread.question, by=request.member)
        except services.NoLongerAsked as late:
            messages.error(request, str(late))
            return redirect("inbox:questions")
        if said:
            messages.success(request, _("Your answer stands with whoever asked."))
            return redirect("inbox:questions")
    shown = {"one": thread, "form": form, "today": localdate()}
    status = 422 if form.errors else 200
    return render(request, "inbox/question.html", shown, status=status)


@require_POST
@needs("conversation.note")
def further(request: StaffRequest, conversation_id: int, question_id: int) -> HttpResponse:
    """The desk asks more, or no longer asks."""
    found = unsealed(request, conversation_id)
    asked = get_object_or_404(SideQuestion, pk=question_id, conversation=found)
    try:
        if "withdraw" in request.POST:
            services.withdraw_question(asked, by=request.member)
            messages.success(request, _("The unit is no longer asked."))
        else:
            text = request.POST.get("text", "")[:2_000]
            services.ask_further(asked, text=text, by=request.member)
            messages.success(request, _("The unit is asked again."))
    except services.NoLongerAsked as late:
        messages.error(request, str(late))
    except ValidationError as empty:
        messages.error(request, " ".join(empty.messages))
    except NotAllowedNow as sealed:
        raise Http404 from sealed
    address = str(redirect("inbox:conversation", found.pk).url)
    return redirect(f"{address}#questions")


def _to(request: StaffRequest, question_id: int) -> Thread:
    try:
        return selectors.question_to(request.member, question_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
