"""The room's codes in words for a person. Nothing is decided here."""

from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from balai.publishing.rules import Problem

Words = str | Promise

PROBLEMS: dict[str, Words] = {
    "no_purpose": _("Choose what this post is for."),
    "no_objective": _(
        "Choose the objective that it serves. Only ceremonies, warnings and corrections go without."
    ),
    "no_segment": _("Say for whom it is."),
    "no_text": _("There are no words yet."),
    "too_long": _(
        "%(over)d too many: this account takes %(limit)d, and the text counts %(length)d."
    ),
    "too_many_bytes": _("The text weighs %(length)d bytes; this account takes %(limit)d."),
    "humour_locked": _(
        "No jokes in warnings, in corrections and while posts are held back. Leave out %(signs)s"
    ),
    "secret_in_text": _("Leave out personal data: %(kinds)s."),
    "said_before": _("This account said the very same on %(on)s."),
    "no_pictures_here": _("The pictures stay away here: this account takes none."),
    "too_many_pictures": _("%(n)d pictures; this account takes %(limit)d."),
    "no_alt": _("Picture %(n)d has no description for those who do not see it."),
    "alt_too_long": _("The description of picture %(n)d counts %(length)d; at most %(limit)d."),
    "picture_too_large": _("Picture %(n)d is too large; this account takes %(limit)d kB."),
    "no_source": _("Fact %(n)d has no source: “%(statement)s”."),
    "stale_fact": _("Fact %(n)d is out of date: “%(statement)s”. Look it up again."),
    "humour_not_said": _(
        "It sounds like fun (%(signs)s): tick “with humour”, so that two read it."
    ),
    "number_without_fact": _("There are figures in it. Add where they stand as a fact."),
    "contact_in_text": _("It holds a telephone or e-mail: only those of the office belong here."),
    "person_in_text": _("It may name a person or a home: %(kinds)s. Look again."),
    "same_hour": _("“%(title)s” leaves on the same account within the hour."),
}
PERSONAL: dict[str, Words] = {
    "nik": _("population number (NIK)"),
    "kk": _("family card number"),
    "npwp": _("tax number"),
    "account": _("bank account"),
    "phone": _("telephone"),
    "email": _("e-mail"),
    "plate": _("number plate"),
    "name": _("name"),
    "address": _("home address"),
}
ADVICE: dict[str, Words] = {
    "long_sentence": _("A long sentence: “%(words)s”. Make two of it."),
    "passive_heap": _("Many passives in one sentence: %(words)s. Say who does what."),
    "jargon": _("“%(words)s”: rather “%(instead)s”."),
    "short_form": _("Write out “%(words)s” once."),
    "no_next_step": _("Say what people can do next: where, when, how."),
}
COUNTED: dict[str, Words] = {
    "characters": _("characters"),
    "graphemes": _("signs as people see them"),
}
LOOKS = {
    "draft": "outline",
    "in_review": "soon",
    "changes_requested": "late",
    "approved": "info",
    "scheduled": "info",
    "held": "soon",
    "publishing": "info",
    "failed": "late",
    "published": "ok",
    "corrected": "ok",
    "withdrawn": "outline",
    "archived": "outline",
    "cancelled": "outline",
}
DEEDS: dict[str, Words] = {
    "post.written": _("Written"),
    "post.rewritten": _("Words changed"),
    "post.picture_added": _("Picture added"),
    "post.picture_dropped": _("Picture left out"),
    "post.submitted": _("Given to review"),
    "post.approved": _("Approved"),
    "post.sent_back": _("Changes requested"),
    "post.remarked": _("Commented"),
    "post.scheduled": _("Scheduled"),
    "post.unscheduled": _("Taken out of the schedule"),
    "post.held": _("Held back"),
    "post.let_go": _("Let go after the hold"),
    "post.cancelled": _("Cancelled"),
    "post.claimed": _("On its way"),
    "post.returned": _("Back to review: the approval was too old"),
    "post.published": _("Published"),
    "post.failed": _("Failed"),
    "post.tried_again": _("Sent again"),
    "post.proved": _("Proof given by hand"),
    "post.one_step": _("Sent in one step"),
    "post.reviewed": _("Reviewed afterwards"),
    "post.correction_asked": _("Correction asked for"),
    "post.corrected": _("Corrected"),
    "post.withdrawn": _("Withdrawn"),
    "post.gone": _("No longer on the network"),
}


def problem_words(problem: Problem) -> str:
    """A problem as a sentence with its figures."""
    facts: dict[str, Any] = dict(problem.facts)
    if "kinds" in facts:
        facts["kinds"] = ", ".join(str(PERSONAL.get(kind, kind)) for kind in facts["kinds"])
    if isinstance(facts.get("on"), date):
        facts["on"] = facts["on"].strftime("%d-%m-%Y")
    return str(PROBLEMS[problem.code]) % facts
