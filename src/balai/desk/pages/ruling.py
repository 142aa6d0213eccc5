"""Rules in words: what they ask for, what they do, what they did."""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from balai.channels.models import Connection
from balai.desk import wording
from balai.desk.models import Rule, RuleVersion, Team
from balai.desk.rules.matching import NO_UNIT, Conditions, Deeds
from balai.desk.selectors import dry_run, newest_version, rules_of, runs_of
from balai.governance.selectors import entries_of
from balai.inbox.models import Conversation, Label
from balai.people.models import Institution, Member, Unit
from balai.people.selectors import may

RUNS = 50


def rules_page(member: Member) -> dict[str, Any]:
    """The rules of the office in the order in which they act."""
    lines = []
    for rule in rules_of(member.institution):
        newest = newest_version(rule)
        lines.append(
            {
                "rule": rule,
                "look": wording.LOOKS[rule.state],
                "told": told(rule.in_force or newest),
                "waits": rule.in_force_id != newest.pk,
            }
        )
    return {"lines": lines, "may_arrange": may(member, "desk.arrange", member.institution)}


def rule_page(member: Member, rule: Rule, *, before: int | None) -> dict[str, Any]:
    """One rule: its newest words, what is in force, what it did, who changed it."""
    newest = newest_version(rule)
    runs = runs_of(rule, before=before, limit=RUNS)
    in_force = rule.in_force
    return {
        "rule": rule,
        "look": wording.LOOKS[rule.state],
        "newest": newest,
        "newest_told": told(newest),
        "in_force": in_force,
        "in_force_told": told(in_force) if in_force and in_force.pk != newest.pk else None,
        "runs": [
            {
                "run": run,
                "look": wording.OUTCOMES[run.outcome],
                "did": [wording.DEEDS.get(code, code) for code in run.did],
            }
            for run in runs
        ],
        "older": runs[-1].pk if len(runs) == RUNS else None,
        "traces": [
            {
                "words": wording.TRACES.get(entry.did, entry.did),
                "at": entry.at,
                "by": name,
                "version": entry.facts.get("version"),
                "reason": entry.reason,
            }
            for entry, name in _with_names(entries_of(rule))
        ],
        "may_arrange": may(member, "desk.arrange", rule.institution_id),
    }


def trial_page(member: Member, rule: Rule, *, before: int | None) -> dict[str, Any]:
    """What the newest version would have met last week."""
    version = newest_version(rule)
    found = dry_run(member, version.when, Conditions.of(version.conditions), before=before)
    return {"rule": rule, "version": version, "told": told(version), "found": found}


def told(version: RuleVersion) -> dict[str, Any]:
    """A version in words: when, if, then."""
    institution = version.rule.institution
    when = str(version.get_when_display())
    if version.quiet_hours:
        when = ngettext(
            "nothing was said for %(n)d hour", "nothing was said for %(n)d hours",
            version.quiet_hours,
        ) % {"n": version.quiet_hours}  # fmt: skip
    return {
        "when": when,
        "asks": list(_asks(Conditions.of(version.conditions), institution)),
        "does": list(_does(Deeds.of(version.deeds), institution)),
    }


def _asks(asked: Conditions, institution: Institution) -> Iterable[str]:
    intents, languages = dict(Conversation.Intent.choices), dict(wording.LANGUAGES)
    units = _names(Unit.objects.filter(institution=institution), asked.units)
    if NO_UNIT in asked.units:
        units = [_("no unit"), *units]
    lines = _names(Connection.objects.filter(institution=institution), asked.connections)
    parts = (
        (_("the message says: %s"), [f"“{word}”" for word in asked.words]),
        (_("the topic is: %s"), asked.topics),
        (_("it speaks of: %s"), asked.places),
        (_("it is: %s"), [intents.get(code, code) for code in asked.intents]),
        (_("the language is: %s"), [languages.get(code, code) for code in asked.languages]),
        (_("it came on: %s"), lines),
        (_("it belongs to: %s"), units),
    )
    joint = _(" or ")
    for words, values in parts:
        if values:
            yield words % joint.join(map(str, values))
    if asked.at_least:
        yield _("it is urgent: %s at least") % Conversation.Priority(asked.at_least).label
    if asked.is_open is not None:
        yield _("it waits for us") if asked.is_open else _("it does not wait for us")
    if asked.in_hours is not None:
        yield (
            _("it came within the hours of service")
            if asked.in_hours
            else _("it came outside the hours of service")
        )


def _does(deeds: Deeds, institution: Institution) -> Iterable[str]:
    parts = (
        (_("move it to %s"), Unit, deeds.unit),
        (_("pass it to the team %s"), Team, deeds.team),
        (_("give it to %s"), Member, deeds.member),
        (_("put the label “%s”"), Label, deeds.label),
    )
    for words, model, pk in parts:
        if pk is not None:
            rows = model.objects.filter(institution=institution)
            yield words % (", ".join(_names(rows, [pk])) or "?")
    if deeds.raise_to:
        yield _("raise the urgency to “%s”") % Conversation.Priority(deeds.raise_to).label
    if deeds.notify:
        rows = Member.objects.filter(institution=institution)
        yield _("tell %s") % ", ".join(_names(rows, deeds.notify))
    if deeds.notify_lead:
        yield _("tell whoever leads the team")
    if deeds.away:
        yield _("send the away note, outside the hours of service")


def _names(rows: Any, ids: Iterable[int]) -> list[str]:
    return list(rows.filter(pk__in=list(ids)).order_by("name").values_list("name", flat=True))


def _with_names(entries: Any) -> list[tuple[Any, str]]:
    rows = list(entries)
    ids = [int(entry.actor[7:]) for entry in rows if entry.actor.startswith("member:")]
    names = dict(Member.objects.filter(pk__in=ids).values_list("pk", "name"))
    return [
        (entry, names.get(int(entry.actor[7:]), "") if entry.actor[7:].isdigit() else _("the rule"))
        for entry in reversed(rows)
    ]
