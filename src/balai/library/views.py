"""The pages of the library: find, write, approve, keep right, retire."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from balai.ground.forms import note_refusal, tried
from balai.library import pages, services
from balai.library.forms import ArticleForms, ReasonForm, ReviewForm, SearchForm
from balai.library.models import Article
from balai.library.selectors import articles_of
from balai.library.wording import VARIABLE_NAMES
from balai.people.middleware import StaffRequest, needs


@needs("article.view")
def articles(request: StaffRequest) -> HttpResponse:
    return render(
        request,
        "library/articles.html",
        pages.articles_page(request.member, SearchForm(request.GET)),
    )


@needs("article.view")
def article(request: StaffRequest, article_id: int) -> HttpResponse:
    return _page(request, _find(request, article_id))


@needs("article.write")
def propose(request: StaffRequest) -> HttpResponse:
    return _write(request, None)


@needs("article.write")
def revise(request: StaffRequest, article_id: int) -> HttpResponse:
    return _write(request, _find(request, article_id))


@require_POST
@needs("article.approve")
def approve(request: StaffRequest, article_id: int) -> HttpResponse:
    """Approve the very edition that was on the approver's screen."""
    found = _find(request, article_id)
    number = request.POST.get("edition", "")
    try:
        services.approve_edition(
            found, number=int(number) if number.isdecimal() else 0, by=request.member
        )
    except services.NothingToApprove as gone:
        messages.error(request, gone.messages[0])
    else:
        messages.success(request, _("In force. Whoever answers finds it from now on."))
    return redirect("library:article", found.pk)


@require_POST
@needs("article.write")
def drop(request: StaffRequest, article_id: int) -> HttpResponse:
    return _deed(
        request,
        article_id,
        "reason_form",
        ReasonForm(request.POST, auto_id="drop_%s"),
        services.drop_draft,
        _("The draft was dropped; it stays readable."),
    )


@require_POST
@needs("article.approve")
def retire(request: StaffRequest, article_id: int) -> HttpResponse:
    return _deed(
        request,
        article_id,
        "retire_form",
        ReasonForm(request.POST, auto_id="retire_%s"),
        services.retire_article,
        _("Retired. Nobody is offered it any more."),
    )


@require_POST
@needs("article.approve")
def review(request: StaffRequest, article_id: int) -> HttpResponse:
    return _deed(
        request,
        article_id,
        "review_form",
        ReviewForm(request.POST, auto_id="review_%s"),
        services.confirm_review,
        _("Noted: it is still right."),
    )


def _find(request: StaffRequest, article_id: int) -> Article:
    return get_object_or_404(articles_of(request.member.institution), pk=article_id)


def _page(request: StaffRequest, found: Article, **forms: ReasonForm | ReviewForm) -> HttpResponse:
    shown = pages.article_page(request.member, found) | forms
    return render(request, "library/article.html", shown, status=422 if forms else 200)


def _deed(
    request: StaffRequest,
    article_id: int,
    name: str,
    form: ReasonForm | ReviewForm,
    verb: Callable[..., object],
    done: str,
) -> HttpResponse:
    found = _find(request, article_id)
    if form.is_valid() and tried(form, verb, found, by=request.member):
        messages.success(request, done)
        return redirect("library:article", found.pk)
    return _page(request, found, **{name: form})


def _write(request: StaffRequest, found: Article | None) -> HttpResponse:
    institution = request.member.institution
    data = request.POST if request.method == "POST" else None
    forms = ArticleForms(data, institution=institution, by=request.member, article=found)
    if data is not None and forms.is_valid():
        try:
            about = forms.about.cleaned_data
            said: dict[str, Any] = {
                "wordings": forms.wordings.said(),
                "citations": forms.citations.said(),
            }
            if found is None:
                found = services.propose_article(
                    institution=institution, by=request.member, **said, **about
                )
            else:
                services.revise_article(found, by=request.member, **said, **about)
        except ValidationError as refused:
            note_refusal(forms.about, refused)
        else:
            messages.success(request, _("Kept as a draft. Another person approves it."))
            return redirect("library:article", found.pk)
    shown = {"forms": forms, "form": forms.about, "article": found, "variables": VARIABLE_NAMES}
    wrong = data is not None
    return render(request, "library/write.html", shown, status=422 if wrong else 200)
