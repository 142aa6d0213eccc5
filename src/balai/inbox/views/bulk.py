"""One deed on many ticked conversations: ask what is needed, do it, say what became of each."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_POST

from balai.ground.clock import now
from balai.inbox import selectors, services
from balai.inbox.forms import office
from balai.inbox.forms.bulk import BulkLabelsForm, BulkTriageForm
from balai.inbox.models import Conversation
from balai.inbox.rules import NotAllowedNow
from balai.inbox.services import MOST_AT_ONCE
from balai.inbox.wording import pseudonym
from balai.people.middleware import StaffRequest, needs
from balai.people.models import Institution, Member
from balai.people.selectors import may_somewhere
from balai.people.services import NotAllowed

UNDO_FOR = timedelta(minutes=1)  # nothing of these deeds leaves the house meanwhile
LAST = "inbox.bulk"  # session: the deed, the way back, and the outcomes of the last time


class BulkDeed(NamedTuple):
    """A verb that makes sense for many: who may, what it asks, what it does."""

    action: str
    title: Any
    form: Callable[[Any, Institution], forms.Form]
    do: Callable[[Conversation, Member, Any], object]


BULK: dict[str, BulkDeed] = {
    "assign": BulkDeed(
        "conversation.assign",
        gettext_lazy("Assign"),
        lambda data, here: office.AssignForm(data, institution=here),
        lambda c, by, form: services.assign(c, by=by, **form.cleaned_data),
    ),
    "label": BulkDeed(
        "conversation.triage",
        gettext_lazy("Label"),
        lambda data, here: BulkLabelsForm(data, institution=here),
        lambda c, by, form: services.put_labels(c, by=by, **form.cleaned_data),
    ),
    "triage": BulkDeed(
        "conversation.triage",
        gettext_lazy("Sort"),
        lambda data, _here: BulkTriageForm(data),
        lambda c, by, form: services.triage(c, by=by, said=form.said()),
    ),
    "set_aside": BulkDeed(
        "conversation.close",
        gettext_lazy("No answer is needed"),
        lambda data, _here: office.SetAsideForm(data),
        lambda c, by, form: services.set_aside(c, by=by, **form.cleaned_data),
    ),
    "resolve": BulkDeed(
        "conversation.close",
        gettext_lazy("Resolved"),
        lambda data, _here: office.NothingForm(data),
        lambda c, by, _form: services.resolve(c, by=by),
    ),
}


def offered(member: Member) -> list[tuple[str, Any]]:
    """The deeds that this member may do somewhere: name and title."""
    institution = member.institution_id
    return [
        (name, deed.title)
        for name, deed in BULK.items()
        if may_somewhere(member, deed.action, institution)
    ]


@require_POST
@needs("conversation.view")
def ask(request: StaffRequest) -> HttpResponse:
    """Show what was ticked and ask what the deed needs; with everything said, do it."""
    name = request.POST.get("deed", "")
    deed = BULK.get(name)
    if deed is None:
        raise Http404
    picked = [int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal() and len(pk) < 20]
    is_sure = "sure" in request.POST
    form = deed.form(request.POST if is_sure else None, request.member.institution)
    problem = "" if picked else _("Tick at least one conversation first.")
    if is_sure and picked and form.is_valid():
        by = request.member
        try:
            outcomes = services.on_each(picked, lambda c: deed.do(c, by, form), by=by)
        except ValidationError as too_many:
            problem = " ".join(too_many.messages)
        else:
            request.session[LAST] = {
                "deed": name,
                "back": _back(request),
                "outcomes": [(one.conversation_id, one.refusal) for one in outcomes],
                "was": {str(one.conversation_id): one.was for one in outcomes if one.was},
                "until": (now() + UNDO_FOR).isoformat(),
            }
            return redirect("inbox:bulk_done")
    shown = {
        "deed": name,
        "title": deed.title,
        "form": form,
        "rows": [(row, pseudonym(row.citizen_key)) for row in _rows(request, picked)],
        "problem": problem,
        "back": _back(request),
        "most": MOST_AT_ONCE,
    }
    wrong = problem or (is_sure and form.errors)
    return render(request, "inbox/bulk.html", shown, status=422 if wrong else 200)


@require_GET
@needs("conversation.view")
def done(request: StaffRequest) -> HttpResponse:
    """What became of each conversation the last time."""
    last = request.session.get(LAST)
    if last is None:
        return redirect("inbox:queue")
    rows = {row.id: row for row in _rows(request, [pk for pk, _words in last["outcomes"]])}
    told = [
        (pk, pseudonym(rows[pk].citizen_key) if pk in rows else "", rows.get(pk), words)
        for pk, words in last["outcomes"]
    ]
    shown = {
        "title": BULK[last["deed"]].title,
        "refused": [one for one in told if one[3]],
        "done": [one for one in told if not one[3]],
        "back": last["back"],
        "until": _undo_until(last),
    }
    return render(request, "inbox/bulk_done.html", shown)


@require_POST
@needs("conversation.view")
def undo(request: StaffRequest) -> HttpResponse:
    """What was done last stands as before, where nobody changed it since."""
    last = request.session.get(LAST)
    if last is None or _undo_until(last) is None:
        messages.error(request, _("Too late to undo it at once. Change them one by one."))
        return redirect("inbox:bulk_done" if last else "inbox:queue")
    undone, kept = 0, 0
    for pk, was in last["was"].items():
        try:
            is_back = services.undo_deed(int(pk), deed=last["deed"], was=was, by=request.member)
        except (NotAllowedNow, NotAllowed):
            is_back = False
        undone, kept = undone + is_back, kept + (not is_back)
    request.session[LAST] = {**last, "was": {}}
    words = ngettext(
        "Undone for %(n)d conversation.", "Undone for %(n)d conversations.", undone
    ) % {"n": undone}
    if kept:
        words += " " + _("%(n)d were changed by somebody since and stay.") % {"n": kept}
    messages.success(request, words)
    return redirect(last["back"])


def _undo_until(last: dict[str, Any]) -> datetime | None:
    """Until when the last deed can be undone; None when it cannot any more."""
    until = datetime.fromisoformat(last["until"]) if last.get("was") else None
    return until if until is not None and until > now() else None


def _rows(request: StaffRequest, picked: list[int]) -> list[selectors.Row]:
    return selectors.by_ids(request.member, picked[: MOST_AT_ONCE + 1])


def _back(request: StaffRequest) -> str:
    """The queue as it was filtered; whatever else the address says is dropped."""
    kept = office.Filters(request.GET, institution=request.member.institution).kept()
    return f"{reverse('inbox:queue')}?{urlencode(kept or {'view': 'open'})}"
