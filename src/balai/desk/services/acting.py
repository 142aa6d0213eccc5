"""Rules act: on what happened, once for each conversation and version, never on what they did."""

import logging
from collections.abc import Iterable
from datetime import timedelta

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import InterfaceError, OperationalError, transaction
from django.utils.translation import gettext as _

from balai.desk.models import Notice, Rule, RuleRun, RuleVersion, Team, Trigger
from balai.desk.rules.matching import HOUR, Conditions, Deeds, Facts, fits
from balai.desk.selectors.duty import rota_of
from balai.desk.selectors.ruling import NEVER_TOUCHED, facts_of, is_anybody_listening, rules_on
from balai.desk.selectors.teams import setting_of
from balai.desk.services.away import send_away_note
from balai.desk.services.giving import pass_to_team
from balai.desk.services.notices import arrangers, tell
from balai.ground.clock import first_id_at, now
from balai.ground.ledger import record
from balai.inbox.models import Conversation, Label, Message
from balai.inbox.services import NotAllowedNow, assign, put_labels, raise_priority
from balai.people.models import Member, Unit
from balai.people.selectors import RULE
from balai.people.services import NotAllowed

logger = logging.getLogger(__name__)
When, Outcome = RuleVersion.When, RuleRun.Outcome


@transaction.atomic
def note_happened(institution_id: int, conversation_ids: Iterable[int], cause: str) -> int:
    """Keep that something happened, where a rule or the away note may answer it."""
    wanted = is_anybody_listening(institution_id, cause) or (
        cause == When.TAKEN_IN and setting_of(institution_id).sends_away_notes
    )
    if not wanted:
        return 0
    moment = now()
    rows = [
        Trigger(institution_id=institution_id, conversation_id=pk, cause=cause, at=moment)
        for pk in conversation_ids
    ]
    Trigger.objects.bulk_create(rows)
    return len(rows)


def answer_triggers(limit: int = 50) -> int:
    """Let rules, then the away note, answer what happened, oldest first; how many there were."""
    waiting = list(Trigger.objects.order_by("pk")[:limit])
    for trigger in waiting:
        try:
            _answer(trigger)
        except (OperationalError, InterfaceError):
            raise  # a lost database: the trigger stays and comes again
        except Exception:
            logger.exception("%s could not be answered", trigger)
            Trigger.objects.filter(pk=trigger.pk).delete()
    return len(waiting)


def look_for_quiet(limit: int = 100) -> int:
    """Let rules act where nothing was said for their hours; returns how many were looked at.

    Each rule walks over the newest messages in their order and remembers how far it came, so that
    a turn costs the same however long the history is.
    """
    looked = 0
    for rule in Rule.objects.filter(state=Rule.State.ON, in_force__when=When.QUIET).select_related(
        "in_force", "institution"
    ):
        looked += _walk(rule, limit)
    return looked


@transaction.atomic
def run_rule(rule: Rule, conversation: Conversation) -> RuleRun | None:
    """Let a rule act on a conversation that it fits; None where it acted there already, or rests.

    When its limit for the hour is reached it pauses itself, and says so.
    """
    rule = (
        Rule.objects.select_for_update(of=("self",)).select_related("institution").get(pk=rule.pk)
    )
    version = rule.in_force
    if rule.state != Rule.State.ON or version is None:
        return None
    if RuleRun.objects.filter(conversation=conversation, version=version).exists():
        return None
    moment = now()
    since = max(moment - HOUR, rule.counted_from or moment - HOUR)
    acted = RuleRun.objects.filter(rule=rule, at__gt=since).exclude(outcome=Outcome.NOTHING)
    if acted.count() >= rule.limit_per_hour:
        _pause(rule)
        return None
    run = RuleRun.objects.create(rule=rule, version=version, conversation=conversation, at=moment)
    run.did, run.words = _do(Deeds.of(version.deeds), run)
    run.outcome = Outcome.DONE if run.did else Outcome.FAILED if run.words else Outcome.NOTHING
    run.save(update_fields=["did", "words", "outcome"])
    return run


@transaction.atomic
def _answer(trigger: Trigger) -> None:
    if not Trigger.objects.filter(pk=trigger.pk).delete()[0]:
        return  # another worker's
    conversation = _fresh(trigger.conversation_id)
    message = Message.objects.filter(pk=conversation.last_in_id).first()
    if message is None or message.is_automatic or conversation.state in NEVER_TOUCHED:
        return  # a machine's words are answered by no machine
    facts = facts_of(conversation, message)
    for rule in rules_on(trigger.institution_id, trigger.cause):
        _meet(rule, conversation, facts)
    if trigger.cause == When.TAKEN_IN and setting_of(trigger.institution_id).sends_away_notes:
        send_away_note(_fresh(conversation.pk), by=RULE)


def _walk(rule: Rule, limit: int) -> int:
    version = rule.in_force
    if version is None:
        return 0
    edge = first_id_at(now() - timedelta(hours=version.quiet_hours or 0))
    found = Conversation.objects.filter(
        institution=rule.institution_id,
        last_message_id__gt=version.looked_to,
        last_message_id__lte=edge,
        state__in=QUIET_STATES,
    )
    quiet = list(
        found.select_related("institution", "connection").order_by("last_message_id")[:limit]
    )
    for conversation in quiet:
        message = Message.objects.filter(pk=conversation.last_in_id).first()
        if message is not None and not message.is_automatic:
            _meet(rule, conversation, facts_of(conversation, message))
    reached = quiet[-1].last_message_id if len(quiet) == limit else edge
    RuleVersion.objects.filter(pk=version.pk, looked_to=version.looked_to).update(looked_to=reached)
    return len(quiet)


QUIET_STATES = ("new", "triaged", "answered", "waiting_citizen", "linked_to_case")


def _meet(rule: Rule, conversation: Conversation, facts: Facts) -> None:
    version = rule.in_force
    if version is not None and fits(Conditions.of(version.conditions), facts):
        run_rule(rule, conversation)


def _do(deeds: Deeds, run: RuleRun) -> tuple[list[str], str]:
    """What was done, and the first refusal in words. What a person decided is never undone."""
    did: list[str] = []
    words = ""
    reason = f"rule {run.rule_id} version {run.version.number}"
    for name, deed in DEEDS.items():
        if not getattr(deeds, name):
            continue
        try:
            with transaction.atomic():
                if deed(_fresh(run.conversation_id), deeds, run, reason):
                    did.append(name)
        except ObjectDoesNotExist:
            words = words or _("What the rule names is not here any more.")
        except (NotAllowed, NotAllowedNow, ValidationError) as refused:
            words = words or str(refused)[:300]
    return did, words


def _to_unit(conversation: Conversation, deeds: Deeds, run: RuleRun, reason: str) -> bool:
    if conversation.assignee_id is not None or conversation.unit_id == deeds.unit:
        return False
    unit = Unit.objects.get(pk=deeds.unit or 0, dissolved_on=None)
    assign(conversation, by=RULE, unit=unit, reason=reason)
    return True


def _to_team(conversation: Conversation, deeds: Deeds, run: RuleRun, reason: str) -> bool:
    if conversation.assignee_id is not None or hasattr(conversation, "passed"):
        return False
    team = Team.objects.select_related("unit").get(pk=deeds.team or 0)
    pass_to_team(conversation, team, by=RULE, reason=reason)
    return True


def _to_member(conversation: Conversation, deeds: Deeds, run: RuleRun, reason: str) -> bool:
    """To the member, or to the deputy of who is away; to nobody where nobody is left."""
    if conversation.assignee_id is not None or deeds.member is None:
        return False
    whom = rota_of(conversation.institution).stands_in_for(deeds.member)
    member = Member.objects.filter(pk=whom or 0, left_at=None).select_related("unit").first()
    if member is None:
        return False
    unit = conversation.unit or member.unit
    assign(conversation, by=RULE, to=member, unit=unit, reason=reason)
    return True


def _label(conversation: Conversation, deeds: Deeds, run: RuleRun, reason: str) -> bool:
    if conversation.labellings.filter(label=deeds.label).exists():
        return False
    put_labels(conversation, by=RULE, add=[Label.objects.get(pk=deeds.label or 0)], reason=reason)
    return True


def _raise(conversation: Conversation, deeds: Deeds, run: RuleRun, reason: str) -> bool:
    return raise_priority(conversation, to=deeds.raise_to or 0, by=RULE, reason=reason)


def _notify(conversation: Conversation, deeds: Deeds, run: RuleRun, reason: str) -> bool:
    return _tell(deeds.notify, conversation, run)


def _notify_lead(conversation: Conversation, deeds: Deeds, run: RuleRun, reason: str) -> bool:
    teams = Team.objects.filter(institution=conversation.institution_id, retired_at=None)
    passed = getattr(conversation, "passed", None)
    mine = teams.filter(pk=passed.team_id) if passed else teams.filter(unit=conversation.unit_id)
    leads = [pk for pk in mine.values_list("lead", flat=True) if pk is not None]
    return _tell(leads or arrangers(conversation.institution), conversation, run)


def _away(conversation: Conversation, deeds: Deeds, run: RuleRun, reason: str) -> bool:
    return send_away_note(conversation, by=RULE, reason=reason)


DEEDS = {
    "unit": _to_unit,
    "team": _to_team,
    "member": _to_member,
    "label": _label,
    "raise_to": _raise,
    "notify": _notify,
    "notify_lead": _notify_lead,
    "away": _away,
}


def _tell(member_ids: Iterable[int], conversation: Conversation, run: RuleRun) -> bool:
    told = tell(
        member_ids,
        institution=conversation.institution,
        kind=Notice.Kind.RULE,
        key=f"rule:{run.version_id}:{conversation.pk}",
        conversation=conversation,
        facts={"rule": run.rule.name},
    )
    return told > 0


def _pause(rule: Rule) -> None:
    moment = now()
    rule.state, rule.paused_at = Rule.State.PAUSED, moment
    rule.save(update_fields=["state", "paused_at"])
    record(by=RULE, did="rule.paused", on=rule, limit=rule.limit_per_hour)
    tell(
        arrangers(rule.institution),
        institution=rule.institution,
        kind=Notice.Kind.PAUSED,
        key=f"paused:{rule.pk}:{int(moment.timestamp())}",
        facts={"rule": rule.name, "limit": rule.limit_per_hour},
    )


def _fresh(conversation_id: int) -> Conversation:
    return Conversation.objects.select_related("institution", "connection", "unit").get(
        pk=conversation_id
    )
