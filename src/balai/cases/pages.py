"""What the pages of cases show, gathered and put into words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.forms import Form
from django.utils.translation import gettext as _

from balai.cases import forms, selectors, services, wording
from balai.cases.models import Case, Reply, Voice
from balai.channels.selectors import deliveries
from balai.governance.selectors import calendar_of
from balai.ground.clock import now
from balai.inbox.selectors import ANSWER
from balai.people.models import Member
from balai.people.selectors import may, reach_of

State = Case.State
WORKED_ON = (State.IN_PROGRESS, State.PLANNED, State.ACTION_SCHEDULED, State.REFERRED_EXTERNAL)


class Line(NamedTuple):
    """One case of the list."""

    case: Case
    due: wording.Due | None
    look: str


class Allowed(NamedTuple):
    """The deeds that a reader may do now: rights and the case's state together."""

    verify: bool
    clarified: bool
    reject: bool
    merge: bool
    ask: bool
    edit: bool
    dispatch: bool
    return_: bool
    start: bool
    promise: bool
    refer: bool
    answer: bool
    more: bool
    resolve: bool
    assign: bool
    take_up: bool
    verdict: bool
    read: bool


class Heard(NamedTuple):
    """One reporter with what was said in the thread; None where the reader may not read it."""

    voice: Voice
    who: str
    said: Sequence[selectors.Said] | None
    address: str


class Told(NamedTuple):
    """What we said to everybody, and how far it came in each thread."""

    reply: Reply
    fates: Sequence[tuple[wording.Words, str, int]]  # words, look, in how many threads
    unreached: int


class Running(NamedTuple):
    """A clock with its words."""

    clock: Any
    due: wording.Due | None


def list_page(member: Member, data: Any) -> dict[str, Any]:
    """The list of cases: tabs with counts, filters, a page of lines, what the reader was told."""
    filters = forms.Filters(data, institution=member.institution)
    asked = filters.asked()
    page = selectors.listed(member, asked)
    calendar, moment = calendar_of(member.institution), now()
    counts = selectors.view_counts(member)
    return {
        "lines": [_line(case, calendar, moment) for case in page.cases],
        "following": page.following,
        "filters": filters,
        "asked": asked,
        "views": [
            (view, wording.VIEW_NAMES[view], _counted(counts.get(view)))
            for view in selectors.VIEWS
            if view != "mine" or _works(member)
        ],
        "is_filtered": any((asked.state, asked.kind, asked.unit_id, asked.words)),
        "query": _query(data),
        "notices": [(one, wording.AUDIENCES[one.mark]) for one in selectors.notices_for(member)],
    }


def case_page(
    member: Member, case: Case, given: Mapping[str, Form] | None = None
) -> dict[str, Any]:
    """One case: its clocks, what citizens said, what was done, and what may be done now."""
    may_now = allowed(member, case)
    voices = selectors.voices_of(case)
    calendar, moment = calendar_of(case.institution), now()
    proposed = selectors.proposals(case) if may_now.dispatch else []
    heard = [
        Heard(
            voice,
            wording.pseudonym(voice.conversation.citizen.key),
            selectors.said_by(voice, member),
            services.tracking_address(voice),
        )
        for voice in voices
    ]
    return {
        "case": case,
        "allowed": may_now,
        "forms": fresh_forms(case, voices, may_now, [unit.pk for unit, _one in proposed])
        | dict(given or {}),
        "look": wording.LOOKS.get(case.state, ""),
        "heard": heard,
        "reachable": len(selectors.reachable(voices)),
        "limit": selectors.smallest_limit(voices) if may_now.answer or may_now.more else None,
        "public_threads": any(voice.conversation.is_public for voice in voices),
        "clocks": [
            Running(
                clock,
                wording.due(clock.due_at, calendar, moment) if clock.ended_at is None else None,
            )
            for clock in case.clocks.order_by("-pk")
        ],
        "moves": list(
            case.moves.select_related("by", "unit", "officer").order_by("-pk")
        ),
        "state_names": dict(State.choices),
        "promises": list(case.promises.select_related("by")),
        "referrals": list(case.referrals.order_by("-pk")),
        "returns": list(
            case.said_not_ours.select_related("unit", "suggested", "by").order_by("-pk")
        ),
        "replies": _told(case),
        "notices": [(n, wording.AUDIENCES[n.mark]) for n in case.notices.order_by("-pk")],
        "duplicates": list(case.duplicates.order_by("pk")),
        "proposals": [(unit, wording.because(one.reasons)) for unit, one in proposed],
        "similar": selectors.similar(case.pk, case.title, case.area_code, member)
        if may_now.merge
        else [],
        "return_until": services.return_until(case) if may_now.return_ else None,
        "waits_for_superior": _waits_for_superior(case) and not may_now.take_up
        and not may_now.dispatch,
    }  # fmt: skip


def allowed(member: Member, case: Case) -> Allowed:
    """What the page offers. The verbs decide again."""

    def right(action: str) -> bool:
        return may(member, action, case.institution_id, unit=case.unit_id, owner=case.officer_id)

    is_in = case.state.__eq__
    verifies, works, answers = right("case.verify"), right("case.work"), right("case.answer")
    routes = right(selectors.who_dispatches(case.returns))
    judges = right(selectors.who_takes_up(case.disputes))
    had_a_hand = case.disputes >= selectors.MOST_DISPUTES and case.handled_by_id == member.pk
    is_worked_on = case.state in WORKED_ON
    return Allowed(
        verify=is_in(State.RECEIVED) and verifies,
        clarified=is_in(State.NEEDS_CLARIFICATION) and verifies,
        reject=is_in(State.RECEIVED) and verifies,
        merge=case.state in (State.RECEIVED, State.VERIFIED) and verifies,
        ask=is_in(State.RECEIVED) and verifies,
        edit=case.is_open and verifies,
        dispatch=case.state in (State.VERIFIED, State.RETURNED) and routes,
        return_=is_in(State.DISPATCHED) and works and case.returns < 2,
        start=case.state in (State.DISPATCHED, *WORKED_ON[1:]) and works,
        promise=case.state in WORKED_ON[:3] and works,
        refer=is_in(State.IN_PROGRESS) and right("case.route"),
        answer=is_worked_on and answers,
        more=case.is_open and case.unit_id is not None and answers and not is_worked_on,
        resolve=is_in(State.ANSWERED) and right("case.close"),
        assign=case.is_open and case.unit_id is not None and works,
        take_up=is_in(State.DISPUTED) and judges and not had_a_hand,
        verdict=is_in(State.RESOLVED) and works,
        read=case.news_at is not None and works,
    )


def fresh_forms(
    case: Case, voices: Sequence[Voice], may_now: Allowed, proposed: Sequence[int] = ()
) -> dict[str, Form]:
    """Empty forms for what the reader may do."""
    about = {name: getattr(case, name) for name in ("category", "place", "area_code")}
    say = {"key": services.fresh_key(), "seen": selectors.newest_heard(voices)}
    owner = {"institution": case.institution}
    made: dict[str, Form] = {}
    if may_now.verify:
        start = {**about, "scrutiny": case.scrutiny}
        made["verify"] = forms.VerifyForm(initial=start, auto_id="verify_%s")
    if may_now.reject:
        made["reject"] = forms.RejectForm(initial=say, auto_id="reject_%s")
    if may_now.ask:
        made["ask"] = forms.SayForm(initial={**say, "key": services.fresh_key()}, auto_id="ask_%s")
    if may_now.merge:
        made["merge"] = forms.MergeForm(auto_id="merge_%s")
    if may_now.edit:
        kept = {name: getattr(case, name) for name in forms.AboutForm.base_fields}
        made["edit"] = forms.AboutForm(initial=kept, auto_id="edit_%s")
    if may_now.dispatch:
        start = {**say, "unit": next(iter(proposed), None)}
        if case.returns == 0:
            start["text"] = _first_word()
        made["dispatch"] = forms.DispatchForm(initial=start, auto_id="dispatch_%s", **owner)
    if may_now.return_:
        made["return"] = forms.ReturnForm(auto_id="return_%s", **owner)
    if may_now.promise:
        made["promise"] = forms.PromiseForm(auto_id="promise_%s")
    if may_now.refer:
        made["refer"] = forms.ReferForm(auto_id="refer_%s")
    if may_now.answer or may_now.more:
        made["answer"] = forms.SayForm(initial=say)
    if may_now.resolve:
        made["resolve"] = forms.ResolveForm(auto_id="resolve_%s")
    if may_now.assign:
        made["assign"] = forms.AssignForm(
            initial={"officer": case.officer_id}, auto_id="assign_%s", **owner
        )
    if may_now.take_up:
        made["take_up"] = forms.TakeUpForm(auto_id="take_%s", **owner)
    return made


def load_page(member: Member) -> dict[str, Any]:
    """How much lies with each unit and officer."""
    units: dict[int | None, dict[str, Any]] = {}
    for load in selectors.workload(member):
        known = units.setdefault(
            load.unit_id,
            {"unit": load.unit, "unit_id": load.unit_id, "open": 0, "overdue": 0, "news": 0,
             "officers": []},
        )  # fmt: skip
        for name in ("open", "overdue", "news"):
            known[name] += getattr(load, name)
        known["officers"].append(load)
    return {"units": list(units.values())}


def tracking_page(voice: Voice) -> dict[str, Any]:
    """What a citizen sees of the own report."""
    case = voice.case
    title, about = wording.PUBLIC_STATES[
        State.DUPLICATE if voice.merged_from_id and case.state == State.RECEIVED else case.state
    ]
    if voice.withdrawn_at:
        title, about = wording.PUBLIC_STATES[State.WITHDRAWN]
    clock = case.clocks.filter(ended_at=None).order_by("due_at").first()
    return {
        "voice": voice,
        "case": case,
        "institution": case.institution,
        "title": title,
        "about": about,
        "clock": clock,
        "promise": case.promises.order_by("-pk").first(),
        "earlier_promises": list(case.promises.order_by("-pk")[1:]),
        "referral": case.referrals.filter(came_back_at=None).first(),
        "replies": list(case.replies.order_by("pk")),
        "steps": _steps(case),
        "asks_verdict": case.state == State.RESOLVED and not voice.withdrawn_at,
        "may_dispute": selectors.may_dispute(case.state, case.disputes),
        "may_withdraw": not voice.withdrawn_at and (case.is_open or case.state == State.RESOLVED),
        "may_rate": bool(case.result) and not voice.withdrawn_at,
        "may_add": bool(voice.conversation.receipt) and voice.conversation.state != "sealed",
        "others": case.voices.filter(withdrawn_at=None).count() - 1,
    }


class Step(NamedTuple):
    """One step of a case as the citizen reads it."""

    title: wording.Words
    at: datetime
    words: str
    unit: str


def _steps(case: Case) -> list[Step]:
    return [
        Step(
            wording.RESULT_TOLD
            if move.became == State.RESOLVED
            else wording.PUBLIC_STATES[move.became][0],
            move.at,
            move.words,
            move.unit.name if move.unit and move.became == State.DISPATCHED else "",
        )
        for move in case.moves.select_related("unit").order_by("pk")
        if move.was != move.became
    ]


def _line(case: Case, calendar: Any, moment: datetime) -> Line:
    ticks = case.is_open or case.state == State.RESOLVED
    due = wording.due(case.due_at, calendar, moment) if ticks else None
    if due is not None and case.state == State.RESOLVED:
        due = due._replace(look="")
    return Line(case, due, wording.LOOKS.get(case.state, ""))


def _told(case: Case) -> list[Told]:
    replies = list(case.replies.select_related("by").order_by("-pk"))
    ids = [number for reply in replies for number in reply.message_ids]
    sent = deliveries(ANSWER, ids)
    found = []
    for reply in replies:
        states = [sent[n].dispatch.state for n in reply.message_ids if n in sent]
        fates = [
            (*wording.FATES.get(state, (state, "")), states.count(state))
            for state in dict.fromkeys(states)
        ]
        found.append(Told(reply, fates, len(reply.unreached)))
    return found


def _waits_for_superior(case: Case) -> bool:
    """A second dispute, or a second return: only a superior takes the next step."""
    second_dispute = case.state == State.DISPUTED and case.disputes >= selectors.MOST_DISPUTES
    return second_dispute or (case.state == State.RETURNED and case.returns >= 2)


def _first_word() -> str:
    """What the citizen may be told when a case goes to a unit; the coordinator puts it right."""
    return _(
        "Thank you for your report. We have checked it and sent it to the unit that is "
        "responsible. You will hear from us here."
    )


def _works(member: Member) -> bool:
    return bool(reach_of(member, "case.work", member.institution_id))


def _counted(n: int | None) -> str:
    if n is None:
        return ""
    return f"{n}+" if n >= selectors.COUNTED_TO else str(n)


def _query(data: Any) -> str:
    """The filters as an address carries them, without the place in the list."""
    kept = data.copy()
    for name in ("after", "view"):
        kept.pop(name, None)
    return str(kept.urlencode())
