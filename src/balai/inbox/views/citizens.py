"""The page of a person: all that we said to each other, promised, and were allowed to do."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from balai.ground.clock import now
from balai.ground.forms import tried
from balai.inbox.forms import citizens as forms
from balai.inbox.models import Citizen, Consent
from balai.inbox.selectors import contacts
from balai.inbox.services import consenting
from balai.inbox.services import contacts as services
from balai.inbox.views.refusing import did
from balai.inbox.wording import channel_label, pseudonym
from balai.people.middleware import StaffRequest, needs
from balai.people.selectors import may_somewhere


@require_GET
@needs("conversation.view")
def citizen(request: StaffRequest, citizen_id: int) -> HttpResponse:
    """What we know of a person, under their pseudonym."""
    return _page(request, citizen_of(request, citizen_id))


@require_http_methods(["GET", "POST"])
@needs("conversation.identity")
def merge(request: StaffRequest, citizen_id: int, other_id: int) -> HttpResponse:
    """Show what would be joined; POST joins it, with a reason."""
    one, other = citizen_of(request, citizen_id), citizen_of(request, other_id)
    if not contacts.may_join(request.member, [one, other]):
        raise Http404
    form = forms.ReasonForm(request.POST or None)
    if form.is_valid() and tried(form, services.merge_contacts, one, other, by=request.member):
        messages.success(request, _("They are one person now. It can be parted again."))
        return redirect("inbox:citizen", one.pk)
    known = {
        "citizen": one,
        "form": form,
        "sides": [_side(request, side) for side in (one, other)],
    }
    return _kept_private(
        render(request, "inbox/citizens/merge.html", known, status=422 if form.errors else 200)
    )


@require_POST
@needs("conversation.identity")
def merge_with(request: StaffRequest, citizen_id: int) -> HttpResponse:
    """Find the other person by one of their conversations, then show what would be joined."""
    found = citizen_of(request, citizen_id)
    form = forms.WithWhomForm(request.POST, auto_id="with_%s")
    if form.is_valid():
        talk = (
            contacts.open_talks(
                request.member, Citizen.objects.filter(institution_id=found.institution_id)
            )
            .filter(pk=form.cleaned_data["conversation"])
            .first()
        )
        if talk is not None:
            return redirect("inbox:merge", found.pk, talk.citizen_id)
        form.add_error("conversation", _("You can read no conversation of this number."))
    return _page(request, found, {"with": form})


@require_POST
@needs("conversation.identity")
def split(request: StaffRequest, citizen_id: int) -> HttpResponse:
    """Part accounts from a person."""
    found = citizen_of(request, citizen_id)
    form = forms.SplitForm(request.POST, group=contacts.group_of(found), auto_id="split_%s")
    if form.is_valid():
        out, reason = list(form.cleaned_data["out"]), form.cleaned_data["reason"]
        if did(form, lambda: services.split_contact(out, by=request.member, reason=reason)):
            messages.success(request, _("Parted. Each has its own conversations again."))
            return redirect("inbox:citizen", found.pk)
    return _page(request, found, {"split": form})


@require_POST
@needs("conversation.note")
def note(request: StaffRequest, citizen_id: int) -> HttpResponse:
    """Remember something of a person."""
    found = citizen_of(request, citizen_id)
    form = forms.CitizenNoteForm(request.POST, auto_id="note_%s")
    if form.is_valid() and tried(form, services.write_citizen_note, found, by=request.member):
        messages.success(request, _("The note was kept. Only this office sees it."))
        return redirect("inbox:citizen", found.pk)
    return _page(request, found, {"note": form})


@require_POST
@needs("conversation.note")
def consent(request: StaffRequest, citizen_id: int) -> HttpResponse:
    """Note to what the person agreed."""
    found = citizen_of(request, citizen_id)
    form = forms.ConsentForm(request.POST, auto_id="consent_%s")
    if form.is_valid() and tried(form, consenting.note_consent, found, by=request.member):
        messages.success(request, _("The consent was noted."))
        return redirect("inbox:citizen", found.pk)
    return _page(request, found, {"consent": form})


@require_POST
@needs("conversation.view")
def consent_ends(request: StaffRequest, citizen_id: int, consent_id: int) -> HttpResponse:
    """The person withdraws a consent; or the officer says that its use has stopped."""
    found = citizen_of(request, citizen_id)
    group = [one.pk for one in contacts.group_of(found)]
    meant = get_object_or_404(Consent, pk=consent_id, citizen__in=group)
    form = Form(request.POST)
    verb = consenting.confirm_stopped if meant.withdrawn_at else consenting.withdraw_consent
    if form.is_valid() and tried(form, verb, meant, by=request.member):
        messages.success(request, _("Noted, with the hour."))
    for problem in form.non_field_errors():
        messages.error(request, str(problem))
    return redirect("inbox:citizen", found.pk)


def citizen_of(request: StaffRequest, citizen_id: int) -> Citizen:
    """The person, if the reader can read a conversation with them; else 404."""
    try:
        return contacts.citizen_for(request.member, citizen_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def _page(
    request: StaffRequest, found: Citizen, wrong: dict[str, Form] | None = None
) -> HttpResponse:
    member, group = request.member, contacts.group_of(found)
    seen = contacts.seen_of(member, group)
    may_join = contacts.may_join(member, [one.citizen for one in seen])
    known: dict[str, Any] = {
        "citizen": found,
        "who": pseudonym(contacts.key_of(group)),
        "identities": [_identity(one) for one in seen],
        "unseen": len(group) - len(seen),
        "talks": contacts.open_talks(member, group)
        .select_related("connection", "unit")
        .order_by("-last_message_id")[: contacts.MOST_SHOWN],
        "promises": contacts.promises_to(member, group),
        "at": now(),
        "consents": contacts.consents_of(group),
        "notes": contacts.notes_on(group),
        "changes": contacts.changes_of(group) if may_join else [],
        "candidates": [
            (one, pseudonym(one.citizen.key), channel_label(one.citizen.channel))
            for one in (contacts.candidates_for(member, group) if may_join else [])
        ],
        "may_join": may_join,
        "may_audit": may_somewhere(member, "audit.view", member.institution_id),
        "may_hold": may_somewhere(member, "rights.hold", member.institution_id),
        "hold": contacts.hold_on(group),
        "may_handle": may_somewhere(member, "rights.handle", member.institution_id),
        "forms": {
            "with": forms.WithWhomForm(auto_id="with_%s"),
            "split": forms.SplitForm(group=group, auto_id="split_%s"),
            "note": forms.CitizenNoteForm(auto_id="note_%s"),
            "consent": forms.ConsentForm(auto_id="consent_%s"),
            "hold": forms.ReasonForm(auto_id="hold_%s"),
            **(wrong or {}),
        },
    }
    known["openings"] = contacts.openings_of(group) if known["may_audit"] else []
    return _kept_private(
        render(request, "inbox/citizens/citizen.html", known, status=422 if wrong else 200)
    )


def _side(request: StaffRequest, citizen: Citizen) -> dict[str, Any]:
    group = contacts.group_of(citizen)
    seen = contacts.seen_of(request.member, group)
    return {
        "who": pseudonym(contacts.key_of(group)),
        "identities": [_identity(one) for one in seen],
        "conversations": sum(one.conversations for one in seen),
        "promises": len(contacts.promises_to(request.member, group)),
        "consents": len(contacts.consents_of(group)),
        "newest": contacts.open_talks(request.member, group)
        .order_by("-last_message_id")
        .select_related("connection")[:5],
    }


def _identity(one: contacts.Identity) -> dict[str, Any]:
    return {
        "who": pseudonym(one.citizen.key),
        "channel": channel_label(one.citizen.channel),
        "since": one.citizen.first_seen_at,
        "n": one.conversations,
    }


def _kept_private(answer: HttpResponse) -> HttpResponse:
    patch_cache_control(answer, private=True, no_store=True)
    return answer
