"""What the pages of the library show, gathered and put into words."""

from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from balai.governance.selectors import entries_of
from balai.ground.clock import now
from balai.library import selectors, wording
from balai.library.forms import ReasonForm, ReviewForm, SearchForm
from balai.library.models import Article, Edition
from balai.library.rules import holds_all
from balai.people.models import Member
from balai.people.selectors import may

State = Edition.State


class Line(NamedTuple):
    """One article of the list."""

    article: Article
    title: str
    state: str
    state_name: str
    look: str
    has_draft: bool
    is_overdue: bool
    used: int


def articles_page(member: Member, form: SearchForm) -> dict[str, Any]:
    """The articles of the institution, searched and filtered."""
    form.is_valid()
    words, wanted = form.cleaned_data.get("q", "").split(), form.cleaned_data.get("state", "")
    everything = [(line, text) for line, text in _lines(member) if holds_all(words, text)]
    lines = [line for line, _text in everything]
    counts = {
        "draft": sum(line.has_draft for line in lines),
        "in_force": sum(line.state == State.IN_FORCE for line in lines),
        "retired": sum(line.state == State.RETIRED for line in lines),
        "overdue": sum(line.is_overdue for line in lines),
    }
    names = {**dict(State.choices), "draft": _("Waiting for approval"), "overdue": _("Overdue")}
    return {
        "lines": [line for line in lines if _is_wanted(line, wanted)],
        "total": len(lines),
        "chips": [(code, names[code], n) for code, n in counts.items() if n],
        "state": wanted,
        "words": " ".join(words),
        "form": form,
    }


def article_page(member: Member, article: Article) -> dict[str, Any]:
    """One article: what it says, what waits, every edition, who used it, what may be done."""
    editions = list(selectors.editions_of(article))
    current = next((one for one in editions if one.state == State.IN_FORCE), None)
    draft = next((one for one in editions if one.state == State.DRAFT), None)

    def right(action: str) -> bool:
        return may(member, action, article.institution_id, unit=article.unit_id)

    is_own = draft is not None and draft.author_id == member.pk
    approves = right("article.approve")
    return {
        "article": article,
        "title": _title(editions),
        "current": current,
        "draft": draft,
        "older": [one for one in editions if one.state == State.RETIRED],
        "is_overdue": current is not None and _is_overdue(article),
        "uses": selectors.uses_of(article),
        "deeds": _deeds(article),
        "may_write": right("article.write"),
        "may_approve": draft is not None and approves and not is_own,
        "waits_for_another": draft is not None and approves and is_own,
        "may_drop": draft is not None and (approves or (is_own and right("article.write"))),
        "may_keep": current is not None and approves,
        "reason_form": ReasonForm(auto_id="drop_%s"),
        "retire_form": ReasonForm(auto_id="retire_%s"),
        "review_form": ReviewForm(auto_id="review_%s"),
    }


def _lines(member: Member) -> list[tuple[Line, str]]:
    found = selectors.articles_of(member.institution).prefetch_related("editions__wordings")
    return [_line(article) for article in found]


def _line(article: Any) -> tuple[Line, str]:
    editions = sorted(article.editions.all(), key=lambda one: -one.number)
    state = _state(editions)
    shown = next((one for one in editions if one.state == State.IN_FORCE), editions[0])
    words = [f"{w.title} {w.body}" for w in shown.wordings.all()]
    line = Line(
        article=article,
        title=_title(editions),
        state=state,
        state_name=str(State(state).label),
        look=wording.LOOKS[state],
        has_draft=any(one.state == State.DRAFT for one in editions),
        is_overdue=state == State.IN_FORCE and _is_overdue(article),
        used=article.used,
    )
    return line, " ".join([article.topic, *words])


def _state(editions: list[Edition]) -> str:
    """An article is in force when one of its editions is; else a draft, else retired."""
    states = {one.state for one in editions}
    return next(state for state in (State.IN_FORCE, State.DRAFT, State.RETIRED) if state in states)


def _title(editions: list[Edition]) -> str:
    shown = next((one for one in editions if one.state == State.IN_FORCE), editions[0])
    return selectors.worded_in(shown, "ind").title


def _is_wanted(line: Line, wanted: str) -> bool:
    if wanted == "overdue":
        return line.is_overdue
    if wanted == State.DRAFT:
        return line.has_draft
    return wanted in ("", line.state)


def _is_overdue(article: Article) -> bool:
    return selectors.is_overdue(article.review_on, now().date())


def _deeds(article: Article) -> list[dict[str, Any]]:
    entries = list(entries_of(article))
    ids = [int(who[7:]) for who in {e.actor for e in entries} if who.startswith("member:")]
    names = dict(Member.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        {
            "words": wording.DEEDS.get(entry.did, entry.did),
            "edition": entry.facts.get("edition"),
            "at": entry.at,
            "by": names.get(int(entry.actor[7:])) if entry.actor[7:].isdigit() else _("the system"),
            "reason": entry.reason,
        }
        for entry in entries
    ]
