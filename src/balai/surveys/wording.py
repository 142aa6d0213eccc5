"""The codes of surveys in words for a person. Nothing is decided here."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

LOOKS = {
    "draft": "outline",
    "method_reviewed": "soon",
    "privacy_reviewed": "soon",
    "open": "ok",
    "closed": "soon",
    "computed": "soon",
    "validated": "soon",
    "published": "ok",
    "follow_up_planned": "ok",
    "follow_up_done": "ok",
    "invalidated": "late",
}
GRADE_LOOKS = {"A": "ok", "B": "ok", "C": "soon", "D": "late"}
# What comes next, and what its button says.
STEPS: dict[str, tuple[str, Words]] = {
    "draft": ("review_method", _("The method is right")),
    "method_reviewed": ("review_privacy", _("Nobody is asked more than needed")),
    "privacy_reviewed": ("open", _("Open it for answers")),
    "open": ("close", _("Close it")),
    "closed": ("compute", _("Compute the index")),
    "computed": ("validate", _("Compute again and validate")),
    "validated": ("publish", _("Publish the result")),
}
STEP_DONE: dict[str, Words] = {
    "review_method": _("Noted: the method is right."),
    "review_privacy": _("Noted: nothing is asked that need not be."),
    "open": _("Open. Give its address to the people you serve."),
    "close": _("Closed. Nobody can answer any more."),
    "compute": _("Computed. A second analyst computes it again."),
    "validate": _("Both computations agree."),
    "publish": _("Published. Plan now what is done about the lowest three."),
    "send_back": _("Sent back to its author."),
    "invalidate": _("Declared invalid. Its answers are kept."),
}
STEP_NEEDS = {
    "review_method": "survey.review_method",
    "review_privacy": "survey.review_privacy",
    "open": "survey.open",
    "close": "survey.open",
    "compute": "survey.write",
    "validate": "survey.validate",
    "publish": "survey.publish",
}
DEEDS: dict[str, Words] = {
    "survey.drafted": _("Drafted"),
    "survey.edited": _("Edited"),
    "survey.method_reviewed": _("Method reviewed"),
    "survey.privacy_reviewed": _("Privacy reviewed"),
    "survey.sent_back": _("Sent back"),
    "survey.opened": _("Opened"),
    "survey.closed": _("Closed"),
    "survey.computed": _("Computed"),
    "survey.validated": _("Validated"),
    "survey.invalidated": _("Declared invalid"),
    "survey.published": _("Published"),
    "survey.follow_up_planned": _("Follow-up planned"),
    "survey.follow_up_done": _("Follow-up done"),
    "follow_up.planned": _("Follow-up of an element planned"),
    "follow_up.done": _("Follow-up of an element done"),
}
