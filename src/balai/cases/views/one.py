"""One case: its page, its file on paper, and the deeds of officers."""

from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from balai.cases import forms, pages, selectors, services, wording
from balai.cases.models import Case
from balai.ground.forms import note_refusal
from balai.people.middleware import StaffRequest, needs
from balai.people.models import Member

Do = Callable[[Case, Member, dict[str, Any]], object]


class Deed(NamedTuple):
    """A verb with its form and what the officer reads when it is done."""

    form: Callable[..., Form]
    do: Do
    done: Any


def _plain(form: type[Form], auto_id: str) -> Callable[..., Form]:
    return lambda data, *, case: form(data, auto_id=f"{auto_id}_%s")


def _of_house(form: Callable[..., Form], auto_id: str) -> Callable[..., Form]:
    return lambda data, *, case: form(data, auto_id=f"{auto_id}_%s", institution=case.institution)


def _merge(case: Case, by: Member, said: dict[str, Any]) -> None:
    try:
        master = selectors.open_to(by, said["master"])
    except ObjectDoesNotExist as missing:
        raise ValidationError({"master": _("There is no such case here.")}) from missing
    services.merge_case(case, master, by=by)


def _answer(case: Case, by: Member, said: dict[str, Any]) -> None:
    verb = services.answer_case if case.state in pages.WORKED_ON else services.say_more
    verb(case, by=by, **said)


def _verdict(case: Case, by: Member, said: dict[str, Any]) -> None:
    voice = case.voices.filter(pk=said["voice"]).first()
    if voice is None:
        raise Http404
    verb = services.citizen_confirms if said["solved"] == "yes" else services.citizen_disputes
    if not verb(voice, by=by):
        raise ValidationError(_("The case has moved on meanwhile. Read it again."))


DEEDS: Mapping[str, Deed] = {
    "periksa": Deed(
        _plain(forms.VerifyForm, "verify"),
        lambda case, by, said: services.verify_case(case, by=by, **said),
        gettext_lazy("Verified. The clock of the unit runs from the day of the report."),
    ),
    "tanya": Deed(
        _plain(forms.SayForm, "ask"),
        lambda case, by, said: services.ask_citizen(case, by=by, **said),
        gettext_lazy("Asked in the citizen's own thread. The clock waits."),
    ),
    "jelas": Deed(
        _plain(forms.NothingForm, "clear"),
        lambda case, by, _said: services.note_clarified(case, by=by),
        gettext_lazy("The clock runs again."),
    ),
    "tolak": Deed(
        _plain(forms.RejectForm, "reject"),
        lambda case, by, said: services.reject_case(case, by=by, **said),
        gettext_lazy("Turned away; the citizen is told why."),
    ),
    "gabung": Deed(
        _plain(forms.MergeForm, "merge"),
        _merge,
        gettext_lazy("Merged. Everybody who reported it is told the same from now on."),
    ),
    "ubah": Deed(
        _plain(forms.AboutForm, "edit"),
        lambda case, by, said: services.edit_case(case, by=by, **said),
        gettext_lazy("Changed."),
    ),
    "disposisi": Deed(
        _of_house(forms.DispatchForm, "dispatch"),
        lambda case, by, said: services.dispatch_case(case, by=by, **said),
        gettext_lazy("Sent to the unit."),
    ),
    "kembalikan": Deed(
        _of_house(forms.ReturnForm, "return"),
        lambda case, by, said: services.return_case(case, by=by, **said),
        gettext_lazy("Returned to the coordinator."),
    ),
    "kerjakan": Deed(
        _plain(forms.NothingForm, "start"),
        lambda case, by, _said: services.start_work(case, by=by),
        gettext_lazy("The work has begun."),
    ),
    "janji": Deed(
        _plain(forms.PromiseForm, "promise"),
        lambda case, by, said: services.promise_day(case, by=by, **said),
        gettext_lazy("Promised. The citizen sees the day on the tracking page."),
    ),
    "rujuk": Deed(
        _plain(forms.ReferForm, "refer"),
        lambda case, by, said: services.refer_case(case, by=by, **said),
        gettext_lazy("Referred. You are reminded to ask after it."),
    ),
    "jawab": Deed(_plain(forms.SayForm, "id"), _answer, gettext_lazy("It leaves in every thread.")),
    "selesai": Deed(
        _plain(forms.ResolveForm, "resolve"),
        lambda case, by, said: services.resolve_case(case, by=by, **said),
        gettext_lazy("Resolved. The citizen has the last word."),
    ),
    "petugas": Deed(
        _of_house(forms.AssignForm, "assign"),
        lambda case, by, said: services.assign_officer(case, by=by, **said),
        gettext_lazy("Assigned."),
    ),
    "tangani-sanggahan": Deed(
        _of_house(forms.TakeUpForm, "take"),
        lambda case, by, said: services.take_up_dispute(case, by=by, **said),
        gettext_lazy("Another officer has it now."),
    ),
    "kata-warga": Deed(
        _plain(forms.VerdictForm, "verdict"), _verdict, gettext_lazy("Noted for the citizen.")
    ),
    "terbaca": Deed(
        _plain(forms.NothingForm, "read"),
        lambda case, by, _said: services.note_read(case, by=by),
        gettext_lazy("Noted as read."),
    ),
}
# The name of a deed's form on the page, where it is not the deed's own.
ON_PAGE = {
    "periksa": "verify",
    "tanya": "ask",
    "tolak": "reject",
    "gabung": "merge",
    "ubah": "edit",
    "disposisi": "dispatch",
    "kembalikan": "return",
    "janji": "promise",
    "rujuk": "refer",
    "jawab": "answer",
    "selesai": "resolve",
    "petugas": "assign",
    "tangani-sanggahan": "take_up",
}


@require_GET
@needs("case.view")
def case(request: StaffRequest, case_id: int) -> HttpResponse:
    """The page of one case."""
    return _page(request, case_of(request, case_id))


@require_GET
@needs("case.view")
def on_paper(request: StaffRequest, case_id: int) -> HttpResponse:
    """The whole file of a case, to be printed."""
    found = case_of(request, case_id)
    answer = render(request, "cases/file.html", pages.case_page(request.member, found))
    patch_cache_control(answer, private=True, no_store=True)
    return answer


@require_POST
@needs("case.view")
def do(request: StaffRequest, case_id: int, deed: str) -> HttpResponse:
    """One deed of the table above. Whatever speaks against it, the words stay in the form."""
    found, wanted = case_of(request, case_id), DEEDS.get(deed)
    if wanted is None:
        raise Http404
    form = wanted.form(request.POST, case=found)
    if form.is_valid():
        if deed == "jawab" and (advice := _unread_advice(request, form)):
            return _page(request, found, {"answer": form}, advice=advice)
        try:
            wanted.do(found, request.member, form.cleaned_data)
        except ValidationError as refused:
            note_refusal(form, refused)
            _see_all(request, form, found)
        except selectors.NotAllowedNow:
            form.add_error(None, _("The case has moved on meanwhile. Read it again."))
        else:
            messages.success(request, wanted.done)
            return redirect("cases:case", found.pk)
    if deed not in ON_PAGE:
        for words in form.non_field_errors():
            messages.error(request, str(words))
        return redirect("cases:case", found.pk)
    return _page(request, case_of(request, case_id), {ON_PAGE[deed]: form})


def case_of(request: StaffRequest, case_id: int) -> Case:
    """The case, if the reader may see it; what others may see does not exist here."""
    try:
        return selectors.open_to(request.member, case_id)
    except ObjectDoesNotExist as missing:
        raise Http404 from missing


def _unread_advice(request: StaffRequest, form: Form) -> list[str]:
    """What could be plainer, told once for these very words; nothing when they are sent anyway."""
    text = form.cleaned_data["text"]
    if request.POST.get("advised") == _mark(text):
        return []
    return wording.advised(text, "ind")


def _mark(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:16]


def _see_all(request: StaffRequest, form: Form, found: Case) -> None:
    """The page that comes now shows what the citizen wrote meanwhile: the next press saw it."""
    if "seen" in form.fields and form.non_field_errors():
        data = request.POST.copy()
        data["seen"] = str(selectors.newest_heard(selectors.voices_of(found)))
        form.data = data


def _page(
    request: StaffRequest,
    found: Case,
    given: Mapping[str, Form] | None = None,
    *,
    advice: list[str] | None = None,
) -> HttpResponse:
    shown = pages.case_page(request.member, found, given)
    shown |= {"advice": advice, "advised": _mark(request.POST.get("text", ""))}
    wrong = any(form.errors for form in (given or {}).values())
    answer = render(request, "cases/case.html", shown, status=422 if wrong else 200)
    patch_cache_control(answer, private=True, no_store=True)
    return answer
