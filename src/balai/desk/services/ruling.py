"""Rules are written in versions, tried on last week, switched on by a person, and kept."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from balai.channels.models import Connection
from balai.desk.models import Rule, RuleVersion, Team
from balai.desk.rules.matching import NO_UNIT, Conditions, Deeds
from balai.ground.clock import first_id_at, now
from balai.ground.ledger import record
from balai.inbox.models import Label
from balai.people.models import Institution, Member, Unit
from balai.people.selectors import current_members
from balai.people.services import allow

MOST_RULES = 100
LONGEST_QUIET = 24 * 60  # hours
State, When = Rule.State, RuleVersion.When


@transaction.atomic
def write_rule(
    *,
    institution: Institution,
    name: str,
    when: str,
    conditions: Conditions,
    deeds: Deeds,
    by: Member,
    quiet_hours: int | None = None,
    limit_per_hour: int = 100,
) -> Rule:
    """Write a rule; it does nothing until somebody switches it on. Raises ValidationError."""
    allow(by, "desk.arrange", institution)
    known = Rule.objects.filter(institution=institution, retired_at=None)
    if known.count() >= MOST_RULES:
        raise ValidationError(
            _("There are %(n)d rules already; end one first.") % {"n": MOST_RULES}
        )
    rule = Rule(institution=institution, name=name, limit_per_hour=limit_per_hour)
    rule.place = known.count()
    rule.full_clean()
    rule.save()
    _add_version(rule, when, quiet_hours, conditions, deeds, by)
    return rule


@transaction.atomic
def revise_rule(
    rule: Rule,
    *,
    name: str,
    when: str,
    conditions: Conditions,
    deeds: Deeds,
    by: Member,
    quiet_hours: int | None = None,
    limit_per_hour: int = 100,
) -> RuleVersion:
    """Write the next version; what is in force stays in force until that one is switched on."""
    rule = _lock(rule)
    allow(by, "desk.arrange", rule.institution_id)
    rule.name, rule.limit_per_hour = name, limit_per_hour
    rule.full_clean()
    rule.save()
    return _add_version(rule, when, quiet_hours, conditions, deeds, by)


@transaction.atomic
def switch_on(rule: Rule, *, number: int, by: Member) -> None:
    """Let the version that the person has read act from now on; what came before it leaves alone.

    Whether author and switcher are one person stands in the audit log. Raises ValidationError.
    """
    rule = _lock(rule)
    allow(by, "desk.arrange", rule.institution_id)
    version = rule.versions.filter(number=number).first()
    if version is None or rule.retired_at is not None:
        raise ValidationError(_("This version is not there. Read the rule again."))
    _refuse_gone(rule.institution, Deeds.of(version.deeds), Conditions.of(version.conditions))
    moment = now()
    if version.when == When.QUIET:
        version.looked_to = first_id_at(moment) - _quiet_ids(version)
        version.save(update_fields=["looked_to"])
    rule.state, rule.in_force = State.ON, version
    rule.counted_from, rule.paused_at = moment, None
    rule.save()
    record(
        by=by,
        did="rule.switched_on",
        on=rule,
        version=number,
        by_its_author=version.author_id == by.pk,
    )


@transaction.atomic
def switch_off(rule: Rule, *, by: Member, reason: str = "") -> None:
    """Let a rule do nothing more, for now."""
    rule = _lock(rule)
    allow(by, "desk.arrange", rule.institution_id)
    if rule.state != State.OFF:
        rule.state, rule.paused_at = State.OFF, None
        rule.save()
        record(by=by, did="rule.switched_off", on=rule, reason=reason)


@transaction.atomic
def move_rule_up(rule: Rule, *, by: Member) -> None:
    """Let a rule act before the one above it."""
    allow(by, "desk.arrange", rule.institution_id)
    order = list(
        Rule.objects.select_for_update()
        .filter(institution=rule.institution_id, retired_at=None)
        .order_by("place", "pk")
    )
    here = [one.pk for one in order].index(rule.pk)
    if here:
        order[here - 1], order[here] = order[here], order[here - 1]
    for place, one in enumerate(order):
        Rule.objects.filter(pk=one.pk).update(place=place)
    record(by=by, did="rule.moved", on=rule, place=max(here - 1, 0))


@transaction.atomic
def retire_rule(rule: Rule, *, by: Member, reason: str) -> None:
    """End a rule; its versions and what it did stay readable."""
    rule = _lock(rule)
    allow(by, "desk.arrange", rule.institution_id)
    rule.state, rule.retired_at = State.OFF, now()
    rule.save()
    record(by=by, did="rule.retired", on=rule, reason=reason)


def _add_version(
    rule: Rule,
    when: str,
    quiet_hours: int | None,
    conditions: Conditions,
    deeds: Deeds,
    by: Member,
) -> RuleVersion:
    if not deeds:
        raise ValidationError(_("Say what the rule does: one thing at least."))
    if when == When.QUIET and not 1 <= (quiet_hours or 0) <= LONGEST_QUIET:
        raise ValidationError({"quiet_hours": _("After how many hours? From 1 to 1440.")})
    if deeds.away and when != When.TAKEN_IN:
        raise ValidationError(
            {"away": _("The away note answers a message that was just taken in.")}
        )
    _refuse_gone(rule.institution, deeds, conditions)
    last = rule.versions.order_by("-number").values_list("number", flat=True).first() or 0
    version = RuleVersion(
        rule=rule,
        number=last + 1,
        when=when,
        quiet_hours=quiet_hours if when == When.QUIET else None,
        conditions=conditions.kept(),
        deeds=deeds.kept(),
        author=by,
        written_at=now(),
    )
    version.full_clean()
    version.save()
    record(by=by, did="rule.written", on=rule, version=version.number)
    return version


def _refuse_gone(institution: Institution, deeds: Deeds, conditions: Conditions) -> None:
    """Raise ValidationError for a team, member, unit, label or line that is not at work here."""
    people = {pk for pk in (deeds.member, *deeds.notify) if pk is not None}
    units = {pk for pk in (deeds.unit, *conditions.units) if pk is not None and pk != NO_UNIT}
    asked: tuple[tuple[QuerySet[Any], set[Any]], ...] = (
        (current_members(institution), people),
        (Unit.objects.filter(institution=institution, dissolved_on=None), units),
        (Team.objects.filter(institution=institution, retired_at=None), {deeds.team} - {None}),
        (Label.objects.filter(institution=institution, retired_at=None), {deeds.label} - {None}),
        (Connection.objects.filter(institution=institution), set(conditions.connections)),
    )
    for rows, wanted in asked:
        if wanted and rows.filter(pk__in=wanted).count() < len(wanted):
            raise ValidationError(
                _("Somebody or something that the rule names is not here any more. Choose again.")
            )


def _quiet_ids(version: RuleVersion) -> int:
    """How far message ids rise in the hours that the rule waits for."""
    moment = now()
    return first_id_at(moment) - first_id_at(moment - timedelta(hours=version.quiet_hours or 0))


def _lock(rule: Rule) -> Rule:
    return (
        Rule.objects.select_for_update(of=("self",)).select_related("institution").get(pk=rule.pk)
    )
