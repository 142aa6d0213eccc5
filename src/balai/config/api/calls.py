"""The calls: one read or one verb each, as the caller's member; what is not theirs is not here."""

import hashlib
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.http import Http404
from django.utils.translation import gettext as _

from balai.analytics.models import Dimension
from balai.analytics.pages import today_of
from balai.analytics.rules import Spread
from balai.analytics.selectors import Line, Period, figures, reader_of
from balai.config.api import shapes
from balai.config.api.door import Asked, Trouble
from balai.ground.clock import now
from balai.inbox import selectors, services
from balai.inbox.models import Conversation, Label, Message
from balai.library.selectors import Found, find_articles, usable
from balai.people.models import Member, Unit
from balai.people.services import allow
from balai.registry.selectors import accounts_of
from balai.understanding.reading import mask, read

MOST_DAYS = 366
OF_UNITS = (Dimension.UNIT,)
OF_ALL = (*OF_UNITS, Dimension.ALL, Dimension.CHANNEL, Dimension.INTENT, Dimension.PLACE)
MOST_ARTICLES = 50
CURSOR = re.compile(r"(-?[0-9]{1,18})[.](-?[0-9]{1,18})")
LONGEST = 20_000  # signs of a message that are read for personal data, and given


def me(asked: Asked) -> shapes.Me:
    """Whose key this is."""
    key = asked.key
    return shapes.Me(
        str(asked.member.institution), asked.member.name, key.scopes.split(), key.expires_at
    )


def conversations(asked: Asked) -> shapes.Conversations:
    """Fifty conversations in the order of the queue."""
    said = asked.request.GET
    view = said.get("view", "open")
    if view not in selectors.VIEWS:
        raise Trouble(422, "wrong_view", ", ".join(selectors.VIEWS))
    wanted = selectors.Asked(
        view=view,
        channel=said.get("channel", "")[:40],
        unit_id=_number(said.get("unit", "")),
        intent=said.get("intent", "")[:24],
        language=said.get("language", "")[:8],
        label_id=_number(said.get("label", "")),
        after=_place(said.get("cursor", "")),
    )
    page = selectors.queue(asked.member, wanted)
    following = f"{page.after[0]}.{page.after[1]}" if page.after else ""
    return shapes.Conversations([_row(row) for row in page.rows], following, page.is_cut)


def conversation(asked: Asked, conversation_id: int) -> shapes.Conversation:
    """One conversation."""
    return _one(asked.member, conversation_id)


def messages(asked: Asked, conversation_id: int) -> shapes.Messages:
    """What was said, personal data masked."""
    found = _unsealed(asked.member, conversation_id)
    before = _number(asked.request.GET.get("before", ""))
    told = selectors.told(found, before=before)
    texts = [one.message.text[:LONGEST] for one in told]
    readings = read(texts) if texts else []
    return shapes.Messages(
        [
            shapes.Message(
                id=one.message.pk,
                direction=one.message.direction,
                kind=one.message.kind,
                text=mask(text, reading.personal_data),
                sent_at=one.message.sent_at,
                author=str(one.message.author) if one.message.author_id else None,
                is_automatic=one.message.is_automatic,
                delivery=one.delivery.dispatch.state if one.delivery else None,
            )
            for one, text, reading in zip(told, texts, readings, strict=True)
        ]
    )


def answer(asked: Asked, conversation_id: int) -> shapes.Message:
    """Answer the citizen; the same Idempotency-Key again is the same answer."""
    found, said = _unsealed(asked.member, conversation_id), asked.body
    # Of this key and conversation alone: nobody meets another's answer by choosing their word.
    named = f"{asked.key.pk}:{found.pk}:{asked.once}"
    form_key = hashlib.sha256(named.encode()).hexdigest()[:40]
    message = services.answer(
        found,
        text=said.text,
        by=asked.member,
        form_key=form_key,
        after=said.after,
        in_addition=said.in_addition,
        articles=said.articles,
    )
    if not message.text.startswith(said.text):
        words = _("This Idempotency-Key belongs to another text.")
        raise Trouble(422, "idempotency_key_reused", words)
    return _written(message, asked.member)


def assign(asked: Asked, conversation_id: int) -> shapes.Assigned:
    """Give the conversation to a member, a unit, both, or back to all."""
    found, home = _unsealed(asked.member, conversation_id), asked.member.institution_id
    to = unit = None
    if asked.body.member_id is not None:
        to = Member.objects.get(pk=asked.body.member_id, institution=home, left_at=None)
    if asked.body.unit_id is not None:
        unit = Unit.objects.get(pk=asked.body.unit_id, institution=home, dissolved_on=None)
    services.assign(found, by=asked.member, to=to, unit=unit)
    found.refresh_from_db()
    return shapes.Assigned(found.pk, found.assignee_id, found.unit_id)


def label(asked: Asked, conversation_id: int) -> shapes.Conversation:
    """Put labels of the office on, take others off."""
    found = _unsealed(asked.member, conversation_id)
    ours = Label.objects.filter(institution=asked.member.institution_id, retired_at=None)
    add, remove = (_labels(ours, ids) for ids in (asked.body.add, asked.body.remove))
    services.put_labels(found, by=asked.member, add=add, remove=remove)
    return _one(asked.member, conversation_id)


@transaction.atomic
def note(asked: Asked, conversation_id: int) -> shapes.Message:
    """Write a note that only the office sees."""
    found = _unsealed(asked.member, conversation_id)
    written = services.write_note(found, text=asked.body.text, by=asked.member)
    return _written(written, asked.member)


def labels(asked: Asked) -> shapes.Labels:
    """The labels of the office that are offered."""
    found = selectors.labels_in_use(asked.member.institution)
    return shapes.Labels([shapes.Label(one.pk, one.name, one.colour, one.used) for one in found])


def accounts(asked: Asked) -> shapes.Accounts:
    """The official accounts of the institution."""
    allow(asked.member, "account.view", asked.member.institution_id)
    return shapes.Accounts(
        [
            shapes.Account(
                one.pk, one.channel, one.handle, one.platform_user_id, one.url, one.state,
                str(one.owner_unit), one.checked_at,
            )
            for one in accounts_of(asked.member.institution)
        ]
    )  # fmt: skip


def articles(asked: Asked) -> shapes.Articles:
    """The answers in force; `q` searches them."""
    words = asked.request.GET.get("q", "")[:200]
    language = asked.request.GET.get("language", "")[:3]
    found: Sequence[Found] = (
        find_articles(asked.member, words, language=language, limit=MOST_ARTICLES)
        if words.strip()
        else usable(asked.member, language=language)[:MOST_ARTICLES]
    )
    return shapes.Articles(
        [
            shapes.Article(
                one.article.pk, one.article.topic, one.wording.language, one.wording.title,
                one.wording.body, one.edition.number, one.edition.is_public, one.article.review_on,
            )
            for one in found
        ]
    )  # fmt: skip


def report(asked: Asked) -> shapes.Report:
    """Figures of a period along one dimension, as far as the member's roles reach."""
    said, reader = asked.request.GET, reader_of(asked.member)
    today = today_of(asked.member)
    last = _day(said.get("last_day", ""), today)
    first = _day(said.get("first_day", ""), last - timedelta(days=29))
    if not 0 <= (last - first).days < MOST_DAYS:
        raise Trouble(422, "wrong_period", _("Ask for 1 to %(n)d days.") % {"n": MOST_DAYS})
    dimension = said.get("by", Dimension.UNIT)
    if dimension not in (OF_ALL if reader.sees_all else OF_UNITS if reader.unit_ids else ()):
        raise Trouble(403, "not_allowed", _("The roles of this member do not reach so far."))
    keys = None if reader.sees_all else [str(pk) for pk in reader.unit_ids]
    home = asked.member.institution_id
    found = figures(home, dimension, Period(first, last), at=now(), keys=keys)
    return shapes.Report(str(dimension), first, last, [_line(line) for line in found.lines])


def _line(line: Line) -> shapes.ReportLine:
    return shapes.ReportLine(
        key=line.key,
        taken_in=line.counts.taken_in,
        answered=line.counts.answered,
        met=line.counts.met,
        deadlines_over=line.attainment.whole,
        median_minutes=_enough(line.times, line.times.median),
        p90_minutes=_enough(line.times, line.times.p90),
        n_times=line.times.n,
        late=line.late,
        backlog=line.backlog,
    )


def _enough(times: Spread, value: float | None) -> float | None:
    return value if times.is_enough else None


def _one(member: Member, conversation_id: int) -> shapes.Conversation:
    rows = selectors.by_ids(member, [conversation_id])
    if not rows:
        raise Http404
    return _row(rows[0])


def _unsealed(member: Member, conversation_id: int) -> Conversation:
    """What was moved to a safe channel is not given out, and nothing is done to it here."""
    found = selectors.open_to(member, conversation_id)
    if found.state == Conversation.State.SEALED:
        raise Http404
    return found


def _row(row: Any) -> shapes.Conversation:
    return shapes.Conversation(
        id=row.id, version=row.version, state=row.state, is_open=row.is_open,
        priority=row.priority, intent=row.intent, language=row.language, preview=row.preview,
        channel=row.channel, connection=row.connection, citizen_key=row.citizen_key,
        unit=row.unit, assignee_id=row.assignee_id, assignee=row.assignee, due_at=row.due_at,
        first_answered_at=row.first_answered_at, last_at=row.last_at,
        last_message_id=row.last_message_id,
        labels=[tag.name for tag in row.tags],
    )  # fmt: skip


def _written(message: Message, by: Member) -> shapes.Message:
    (reading,) = read([message.text[:LONGEST]])
    return shapes.Message(
        id=message.pk,
        direction=message.direction,
        kind=message.kind,
        text=mask(message.text[:LONGEST], reading.personal_data),
        sent_at=message.sent_at,
        author=by.name,
        is_automatic=message.is_automatic,
        delivery=None,
    )


def _labels(ours: Any, ids: Sequence[int]) -> list[Label]:
    found = list(ours.filter(pk__in=ids))
    if len(found) < len(set(ids)):
        raise Http404
    return found


def _number(text: str) -> int | None:
    if not text:
        return None
    if not text.isdecimal() or len(text) > 19:
        raise Trouble(422, "wrong_number", text[:40])
    return int(text)


def _place(text: str) -> tuple[int, int] | None:
    if not text:
        return None
    found = CURSOR.fullmatch(text)
    if found is None:
        raise Trouble(422, "wrong_cursor", _("Take the cursor as the page before gave it."))
    return int(found[1]), int(found[2])


def _day(text: str, otherwise: date) -> date:
    try:
        return date.fromisoformat(text) if text else otherwise
    except ValueError as wrong:
        raise Trouble(422, "wrong_day", text[:20]) from wrong
