"""Writing an answer: the draft, the library beside it, advice on plain words."""

from typing import Any, NamedTuple

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from balai.ground.clock import now
from balai.ground.forms import tried
from balai.inbox import selectors, services
from balai.inbox.forms.composing import ComposeForm, FindForm, SignOffForm
from balai.inbox.models import Conversation
from balai.inbox.views.finding import open_until, unsealed
from balai.inbox.wording import LANGUAGE_NAMES, advised, cost_of
from balai.library.models import Article
from balai.library.selectors import fill, find_articles, one_usable, usable
from balai.people.middleware import StaffRequest, needs

TEMPLATES = (Article.Kind.APOLOGY, Article.Kind.FOLLOW_UP)  # that fit any question
NEAREST = 6  # articles offered at once


class Offered(NamedTuple):
    """An article as it would go into the answer."""

    pk: int
    title: str
    topic: str
    kind: str
    language: str
    text: str
    missing: str
    is_overdue: bool


def composing(request: StaffRequest, found: Conversation) -> dict[str, Any]:
    """What stands around the answer form. The library is looked through only when asked."""
    draft = selectors.draft_of(found, request.member)
    sign_off = selectors.signed("", request.member).strip()
    return {
        "draft": draft,
        "advice": advised(draft.text, found.language) if draft else [],
        "cost": _cost(request, found, draft.text) if draft else "",
        "sign_off": sign_off,
        "policy": selectors.policy_for(found, request.member),
        "returned": selectors.returned_to(request.member, found),
        "answer_in": _other_language(found),
        **_library(request, found),
    }


@require_POST
@needs("conversation.answer")
def draft(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Keep what is being written; put an article or an earlier answer into it when asked."""
    found = unsealed(request, conversation_id)
    form = ComposeForm(request.POST)
    if not form.is_valid():
        return HttpResponse(status=422)
    said = form.said()
    if "drop" in request.POST:
        services.drop_draft(found, by=request.member)
        messages.success(request, _("The draft was thrown away."))
        return redirect("inbox:conversation", found.pk)
    names = ("insert", "earlier", "of_unit")
    wanted = {name: form.cleaned_data[name] for name in names if form.cleaned_data[name]}
    if wanted:
        said = _with_inserted(request, found, said, wanted)
    kept = services.save_draft(found, by=request.member, **said)
    if request.headers.get("HX-Request"):
        shown = {
            "draft": kept,
            "advice": advised(said["text"], found.language),
            "cost": _cost(request, found, said["text"]) if kept else "",
        }
        return render(request, "inbox/parts/draft_state.html", {"composing": shown})
    address = str(redirect("inbox:conversation", found.pk).url)
    if "find" in request.POST:
        words = FindForm({"words": request.POST.get("words", "")}).said()
        return redirect(f"{address}?{words}#library")
    return redirect(f"{address}#answer")


@require_GET
@needs("conversation.answer")
def library(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """What was found in the library and among earlier answers, for an open page."""
    found = unsealed(request, conversation_id)
    shown = {"composing": _library(request, found, always=True), "conversation": found}
    return render(request, "inbox/parts/library_found.html", shown)


@needs("institution.view")
def answering(request: StaffRequest) -> HttpResponse:
    """How the institution's answers end."""
    institution = request.member.institution
    sent = request.POST if request.method == "POST" else None
    form = SignOffForm(sent, initial={"sign_off": selectors.sign_off_of(institution)})
    if form.is_valid() and tried(form, services.set_sign_off, institution, by=request.member):
        messages.success(request, _("Kept. Every answer ends so from now on."))
        return redirect("inbox:answering")
    wrong = bool(form.errors)
    return render(request, "inbox/answering.html", {"form": form}, status=422 if wrong else 200)


def _library(request: StaffRequest, found: Conversation, *, always: bool = False) -> dict[str, Any]:
    words = request.GET.get("words")
    if words is None and not always:
        return {"is_open": False, "words": ""}
    words = (words or "")[:200]
    question = "" if words.strip() else selectors.last_word_of_citizen(found).text
    articles = find_articles(
        request.member, words, question=question, language=found.language, limit=NEAREST
    )
    values = _values(request, found)
    shown = {one.article.pk for one in articles}
    templates = [
        one
        for one in usable(request.member, language=found.language)
        if one.article.kind in TEMPLATES and one.article.pk not in shown
    ]
    return {
        "templates": [_offered(one, values) for one in templates[:NEAREST]],
        "is_open": True,
        "words": words,
        "articles": [_offered(one, values) for one in articles],
        "earlier": selectors.similar_answers(found, request.member, words or question),
    }


def _offered(one: Any, values: dict[str, str]) -> Offered:
    filled = fill(one.wording.body, values)
    return Offered(
        pk=one.article.pk,
        title=one.wording.title,
        topic=one.article.topic,
        kind=one.article.get_kind_display(),
        language=str(one.wording.get_language_display()),
        text=_with_citations(filled.text, one.citations),
        missing=", ".join(f"{{{name}}}" for name in filled.missing),
        is_overdue=one.article.review_on < now().date(),
    )


def _with_citations(text: str, citations: Any) -> str:
    """The answer with its sources below, in no language of its own."""
    cited = "\n".join(f"({', '.join(filter(None, (one.source, one.url)))})" for one in citations)
    return f"{text}\n{cited}" if cited else text


def _with_inserted(
    request: StaffRequest,
    found: Conversation,
    said: dict[str, Any],
    wanted: dict[str, int],
) -> dict[str, Any]:
    """The draft with what was picked below it. What is not offered here inserts nothing."""
    more = ""
    if "insert" in wanted:
        article_id = wanted["insert"]
        picked = one_usable(request.member, article_id, language=found.language)
        if picked is not None:
            more = _offered(picked, _values(request, found)).text
            said = {**said, "articles": [*said["articles"], article_id]}
    if "earlier" in wanted:
        more = selectors.earlier_answer(found, request.member, wanted["earlier"])
    if "of_unit" in wanted:
        more = _of_unit(found, wanted["of_unit"])
    return {**said, "text": "\n\n".join(filter(None, (said["text"].rstrip(), more)))}


def _of_unit(found: Conversation, word_id: int) -> str:
    """A unit's answer with its citation, in the words of the office."""
    word = selectors.answer_of_unit(found, word_id)
    if word is None:
        return ""
    with translation.override("id"):
        return f"{word.text}\n({word.question.unit}, {date_format(localtime(word.at), 'j F Y')})"


def _values(request: StaffRequest, found: Conversation) -> dict[str, str]:
    """What the variables of an article mean here. A name is filled only while it stands open."""
    name = selectors.identity_of(found).get("name", "") if open_until(request, found) else ""
    return {
        "nama": str(name) or "Bapak/Ibu",
        "nomor": str(found.pk),
        "unit": str(found.unit or ""),
        "tenggat": _deadline(found),
        "instansi": found.institution.name,
        "petugas": request.member.name,
        "kanal": found.connection.name,
    }


def _deadline(found: Conversation) -> str:
    """When our answer is due, in the words of the office, whatever the reader's own language."""
    if found.due_at is None or found.due_at < now():
        return ""
    with translation.override("id"):
        return date_format(localtime(found.due_at), "j F Y, H.i")


def _cost(request: StaffRequest, found: Conversation, text: str) -> str:
    """What the network takes for the text as it would leave."""
    price = selectors.rights_of(found).price
    if not price:
        return ""
    return cost_of(price, selectors.cost_in_pieces(found, selectors.signed(text, request.member)))


def _other_language(found: Conversation) -> Any:
    """The language in which the citizen wrote, when it is another one than Indonesian."""
    return LANGUAGE_NAMES.get(found.language, "") if found.language != "ind" else ""
