"""What citizens see of surveys: questions without an account, and results."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from balai.ground.forms import note_refusal
from balai.ground.gate import Bucket, may_pass, visitor
from balai.people.models import Institution
from balai.surveys import pages, selectors, services
from balai.surveys.forms import AnswersForm
from balai.surveys.models import Response, Survey
from balai.surveys.views.office import as_csv

FROM_ONE_PLACE = Bucket("survey-visitor", 20, 600)  # a family, or a kiosk's neighbours
FOR_ONE_SURVEY = Bucket("survey-all", 300, 60)
KEYS_TRIED = Bucket("survey-keys", 20, 600)


@require_safe
def nearest(request: HttpRequest) -> HttpResponse:
    """The results of the installation's own institution."""
    first = Institution.objects.order_by("pk").first()
    if first is None:
        raise Http404
    return redirect("surveys:published", first.slug)


@require_safe
def published(request: HttpRequest, slug: str) -> HttpResponse:
    """What may be answered today, and what came of earlier surveys."""
    institution = get_object_or_404(Institution, slug=slug)
    return render(request, "surveys/published.html", pages.public_list(institution))


@require_safe
def result(request: HttpRequest, code: str) -> HttpResponse:
    """One published result; `?format=csv` gives it as a file."""
    found = get_object_or_404(
        Survey.objects.select_related("institution", "unit"),
        code=code,
        state__in=selectors.PUBLIC,
    )
    computed = selectors.result_of(found)
    if request.GET.get("format") == "csv" and computed:
        return as_csv(found, computed)
    return render(request, "surveys/result.html", pages.public_page(found))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, code: str) -> HttpResponse:
    """The questions, for anybody; with `?kiosk=1` the next person finds an empty form."""
    found = get_object_or_404(
        Survey.objects.select_related("institution"), code=code, state=Survey.State.OPEN
    )
    mode = Response.Mode.COUNTER if "kiosk" in request.GET else Response.Mode.WEB

    def keep(key: str, said: Mapping[str, Any]) -> object:
        return services.respond(found, key=key, mode=mode, **said)

    return _questions(request, found, keep)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invited(request: HttpRequest, key: str) -> HttpResponse:
    """The questions for somebody whose matter is over. The key is good once."""
    invitation = selectors.invitation_for(key)
    if invitation is None:
        if not may_pass(KEYS_TRIED, visitor(request)):
            return render(request, "surveys/over.html", status=429)
        return render(request, "surveys/over.html", status=404)

    def keep(_key: str, said: Mapping[str, Any]) -> object:
        return services.answer_invitation(key, **said)

    return _questions(request, invitation.survey, keep)


@require_safe
def thanks(request: HttpRequest, code: str) -> HttpResponse:
    found = get_object_or_404(Survey.objects.select_related("institution"), code=code)
    shown = {"survey": found, "institution": found.institution, "kiosk": "kiosk" in request.GET}
    return render(request, "surveys/thanks.html", shown)


def _questions(request: HttpRequest, survey: Survey, keep: Any) -> HttpResponse:
    form = AnswersForm(
        request.POST if request.method == "POST" else None,
        elements=selectors.asked(survey),
        instrument=selectors.instrument_of(survey),
        language=(get_language() or "id")[:2],
    )
    status = 200
    if request.method == "POST":
        status = _kept(request, survey, form, keep)
        if status == 200:
            answered = redirect("surveys:thanks", survey.code)
            if "kiosk" in request.GET:
                answered["Location"] += "?kiosk=1"
            return answered
    key = request.POST.get("key") or services.fresh_key()
    shown = {
        "survey": survey,
        "institution": survey.institution,
        "form": form,
        "key": key,
        "too_often": status == 429,
    }
    return render(request, "surveys/answer.html", shown, status=status)


def _kept(request: HttpRequest, survey: Survey, form: AnswersForm, keep: Any) -> int:
    """Keep the answer when that may be; the status of what the person is told."""
    if not form.is_valid():
        return 422
    if form.cleaned_data["website"]:
        return 200  # a machine is thanked like everybody, and counts nowhere
    # A kiosk stands in the office: everybody there comes from one address.
    if "kiosk" not in request.GET and not may_pass(FROM_ONE_PLACE, visitor(request)):
        return 429
    if not may_pass(FOR_ONE_SURVEY, str(survey.pk)):
        return 429
    key = request.POST.get("key", "")[:64] or services.fresh_key()
    try:
        keep(key, {"values": form.values(), "remark": form.cleaned_data["remark"]})
    except ValidationError as refused:
        note_refusal(form, refused)
        return 422
    return 200
