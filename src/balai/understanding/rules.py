"""Intent, urgency, abuse and sensitivity by rules over our own cues; no probability is claimed.

Each answer is a rule with its words as reason. What the rules conclude is weighed with their cues
by heads that our own messages taught (`weighing`); abuse and sensitivity are decided here. Danger
to life is read generously: a false alarm costs a glance, a miss may cost a life.
"""

from __future__ import annotations

from typing import NamedTuple

from balai.understanding.cues import Cues, Found

AIMED_WITHIN = 200  # code points: in a longer text a rude word and a "you" rarely belong together
RULES_VERSION = "rules-2"
DISGUISED = ("abuse.insult", "abuse.mild", "abuse.rude", "danger.event", "sensitive.wrong")
"""The groups whose words are recognised behind digits and spaces ("b0d0h", "b o d o h")."""


class Ruled(NamedTuple):
    """What the rules say of one set of cues; each answer has its words beside it.

    `calm`: something speaks against a danger now (past, over, a drill, "if", news, a question).
    """

    urgency: str
    abusive: bool
    sensitive: tuple[str, ...]
    intent: str | None
    because: dict[str, list[str]]
    calm: bool


class Rules:
    """The rules, bound to the bit of every group they ask about."""

    def __init__(self, cues: Cues) -> None:
        b = cues.bits
        self.event, self.warm, self.strong = b("danger.event"), b("danger.warm"), b("danger.strong")
        self.plea, self.please, self.now = b("danger.plea"), b("danger.please"), b("danger.now")
        self.person, self.past, self.drill = b("danger.person"), b("danger.past"), b("danger.drill")
        self.over, self.young = b("danger.over"), b("sensitive.young")
        self.told = b("danger.told")
        self.supposed, self.asking = b("danger.supposed"), b("danger.asking")
        self.not_now = self.past | self.over | self.told | self.supposed | self.asking
        self.urgent = b("danger.urgent")
        self.self_harm = b("sensitive.self_harm")
        self.self_harm_public = b("sensitive.self_harm_public")
        self.child, self.violence = b("sensitive.child"), b("sensitive.violence")
        self.wrong, self.actor = b("sensitive.wrong"), b("sensitive.actor")
        self.confide = b("sensitive.confide")
        self.insult, self.rude = b("abuse.insult"), b("abuse.rude")
        self.target, self.threat = b("abuse.target"), b("abuse.threat")
        self.mild, self.holder = b("abuse.mild"), b("abuse.holder")
        self.thing, self.quote = b("abuse.thing"), b("abuse.quote")
        self.group, self.degrade = b("abuse.group"), b("abuse.degrade")
        self.asks_for, self.request = b("intent.asks_for"), b("intent.request")
        self.question, self.complaint = b("intent.question"), b("intent.complaint")
        self.aspiration, self.praise = b("intent.aspiration"), b("intent.praise")
        self.rumor, self.spam = b("intent.rumor"), b("intent.spam")
        self.but = b("intent.but")
        self.any_intent = self.complaint | self.aspiration | self.question | self.praise | self.spam
        self._weights = (
            ("complaint", self.complaint, 2), ("aspiration", self.aspiration, 2),
            ("question", self.question, 1), ("praise", self.praise, 1), ("spam", self.spam, 1),
        )  # fmt: skip

    def all(self, found: Found, length: int) -> Ruled:
        """Every rule together; of `length` it matters only whether it passes `AIMED_WITHIN`."""
        urgency, urgent_words = self.urgency(found)
        abusive, abusive_words = self.abuse(found, length)
        sensitive, sensitive_words = self.sensitive(found)
        intent, intent_words = self.intent(found, urgency, abusive)
        because = {
            "intent": intent_words,
            "urgency": urgent_words,
            "abuse": abusive_words,
            "sensitive": sensitive_words,
        }
        calm = urgency != "danger" and bool(found.groups & (self.not_now | self.drill))
        return Ruled(urgency, abusive, sensitive, intent, because, calm)

    def urgency(self, found: Found) -> tuple[str, list[str]]:
        """danger, urgent or normal, and the words that say so."""
        has = found.groups
        if self._hurts_self(has):
            return "danger", found.words(self.self_harm)
        if self._is_danger(has):
            return "danger", found.words(self.event | self.warm | self.strong | self.plea)
        if has & self.drill:
            return "normal", ["rule: drill or lesson", *found.words(self.drill)]
        if has & self.urgent:
            return "urgent", found.words(self.urgent)
        if has & (self.event | self.strong) and not has & self.not_now:
            return "urgent", found.words(self.event | self.strong)
        if has & self.warm and has & (self.now | self.please) and not has & self.not_now:
            return "urgent", found.words(self.warm | self.now | self.please)
        return "normal", ["rule: no cue of urgency"]

    def _is_danger(self, has: int) -> bool:
        if has & self.drill:
            return False
        if has & self.over:
            return bool(has & self.plea and has & self.strong)
        in_need = has & (self.plea | self.please | self.now | self.person)
        calm = has & (self.supposed | self.past | self.told) or (has & self.asking and not in_need)
        if has & self.strong:
            return not calm or bool(has & (self.now | self.plea))
        if has & self.event:
            return not calm or bool(has & self.plea and has & (self.now | self.person))
        pressing = has & self.plea or (has & self.now and has & self.please and has & self.person)
        return bool(has & self.warm and pressing and not calm)

    def _hurts_self(self, has: int) -> bool:
        return bool(has & self.self_harm and not has & self.self_harm_public)

    def abuse(self, found: Found, length: int) -> tuple[bool, list[str]]:
        """Whether persons are insulted or threatened, and the words; `length` in code points.

        What is said of a thing (a policy, a system) or quoted is no insult, however coarse.
        """
        has = found.groups
        if has & self.threat:
            return True, found.words(self.threat)
        if has & self.quote:
            return False, []
        if has & self.insult:
            return True, found.words(self.insult)
        if has & self.mild and not has & self.thing:
            return True, found.words(self.mild)
        aimed = length <= AIMED_WITHIN
        if has & self.rude and has & self.target and aimed:
            return True, found.words(self.rude | self.target)
        if has & self.group and has & self.degrade and aimed and not has & self.thing:
            return True, found.words(self.group | self.degrade)
        return False, []

    def sensitive(self, found: Found) -> tuple[tuple[str, ...], list[str]]:
        """The flags that take a message out of the open inbox, and the words."""
        has = found.groups
        flags, groups = [], 0
        if self._tells_a_wrong(has):
            flags.append("whistleblow")
            groups |= self.wrong | self.actor | self.confide
        if self._hurts_self(has):
            flags.append("self_harm")
            groups |= self.self_harm
        if has & self.child or (has & self.violence and has & self.young):
            flags.append("child")
            groups |= self.child | self.young
        if has & self.violence:
            flags.append("violence")
            groups |= self.violence
        return tuple(flags), found.words(groups)

    def _tells_a_wrong(self, has: int) -> bool:
        return bool(has & self.wrong and has & (self.actor | self.confide)) and not has & self.drill

    def intent(self, found: Found, urgency: str, abusive: bool) -> tuple[str | None, list[str]]:
        """What the citizen wants, or null when no cue speaks; the words that say so."""
        has = found.groups
        if urgency == "danger":
            return "report_emergency", ["rule: danger"]
        if self._tells_a_wrong(has):
            return "whistleblow", found.words(self.wrong | self.actor | self.confide)
        if found.count(self.spam) >= 2 and not has & self.complaint:
            return "spam", found.words(self.spam)
        if (has & self.rumor and has & self.question) or found.count(self.rumor) >= 2:
            return "rumor_sighting", found.words(self.rumor)
        if abusive and not has & (self.complaint | self.question):
            return "abuse", ["rule: abusive, and no matter is named"]
        if has & self.request or (has & self.question and has & self.asks_for):
            return self._asked(found)
        return self._heaviest(found)

    def _asked(self, found: Found) -> tuple[str, list[str]]:
        if found.count(self.complaint) >= 2:
            return "complaint", found.words(self.complaint)
        return "information_request", found.words(self.request | self.asks_for)

    def _heaviest(self, found: Found) -> tuple[str | None, list[str]]:
        if not found.groups & self.any_intent:
            return None, []
        if found.groups & self.but and found.groups & self.complaint:  # "thanks, but"
            return "complaint", found.words(self.but | self.complaint)
        best, groups, most = "", 0, 0
        for intent, mine, weight in self._weights:
            if found.groups & mine and (heavy := found.count(mine) * weight) > most:
                best, groups, most = intent, mine, heavy
        return best, found.words(groups)
