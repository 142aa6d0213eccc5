"""The steps of a variant's life as a page offers them: the form, the verb and its permission."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from balai.channels.models import Dispatch
from balai.people.models import Member
from balai.people.selectors import may
from balai.publishing import forms, services
from balai.publishing.models import Approval, Variant
from balai.publishing.selectors import authors_of
from balai.publishing.wording import Words

State = Variant.State


class Nothing(django_forms.Form):
    """A step that asks for nothing."""


class YesForm(django_forms.Form):
    """A yes to the bytes that were on the screen; words are welcome."""

    mark = django_forms.CharField(widget=django_forms.HiddenInput, max_length=64)


class SendBackForm(forms.WordsForm):
    """What must change, about the bytes that were on the screen."""

    mark = django_forms.CharField(widget=django_forms.HiddenInput, max_length=64)


@dataclass(frozen=True)
class Step:
    """One step: from which states, what it asks, who may take it."""

    slug: str
    title: Words
    done: Words
    form: type[django_forms.Form]
    verb: Callable[..., Any]
    action: str
    states: tuple[str, ...]
    icon: str = "next"
    is_main: bool = False
    is_danger: bool = False

    def is_open_to(self, member: Member, variant: Variant, dispatch: Dispatch | None) -> bool:
        """Whether state and roles allow it; the verb checks again."""
        if variant.state not in self.states:
            return False
        if self.slug == "buktikan" and dispatch and dispatch.state != Dispatch.State.UNKNOWN:
            return False
        if self.slug == "ulangi" and variant.state == State.PUBLISHING:
            return dispatch is not None and dispatch.state == Dispatch.State.UNKNOWN
        if self.slug == "setujui" and not _may_still_say_yes(member, variant):
            return False
        unit = variant.item.unit_id
        return may(member, self.action, variant.institution_id, unit=unit, owner=member)

    def make_form(self, variant: Variant, data: Any = None) -> django_forms.Form:
        """The form of the step; what it is about is fixed when the page is drawn."""
        mark = variant.revision.sha256 if variant.revision else ""
        initial: dict[str, Any] = {"mark": mark}
        if self.slug == "jadwalkan" and variant.at:
            initial["at"] = forms.local_minute(variant.at)
        return self.form(data, initial=initial, auto_id=f"{self.slug}-{variant.pk}-%s")


def _may_still_say_yes(member: Member, variant: Variant) -> bool:
    """Whoever wrote some of it never may; whoever said yes to these words did."""
    said = Approval.objects.filter(revision=variant.revision, member=member)
    newest = said.order_by("-pk").first()
    has_said_yes = newest is not None and newest.kind == Approval.Kind.YES
    return member.pk not in authors_of(variant) and not has_said_yes


STEPS = (
    Step("setujui", _("Approve these words"), _("Your yes is noted."), YesForm,
         services.approve, "post.approve", (State.IN_REVIEW,), "check", is_main=True),
    Step("kembalikan", _("Ask for changes"), _("The author is told what must change."),
         SendBackForm, services.send_back, "post.approve", (State.IN_REVIEW,), "back"),
    Step("jadwalkan", _("Schedule"), _("It leaves at this time, once."), forms.TimeForm,
         services.schedule, "post.publish", (State.APPROVED, State.SCHEDULED), "calendar",
         is_main=True),
    Step("urungkan", _("Take out of the schedule"), _("It does not leave; it stays approved."),
         Nothing, services.unschedule, "post.publish", (State.SCHEDULED,), "back"),
    Step("lepaskan", _("Let go"), _("Approved as before. Give it a time."), Nothing,
         services.let_go, "post.publish", (State.HELD,), "next", is_main=True),
    Step("ulangi", _("Send again"), _("On its way again, under the same number: never twice."),
         Nothing, services.try_again, "post.publish", (State.FAILED, State.PUBLISHING), "send"),
    Step("buktikan", _("Give the proof"), _("Published, with this address as proof."),
         forms.ProofForm, services.prove_by_hand, "post.publish", (State.PUBLISHING,), "check",
         is_main=True),
    Step("komentari", _("Comment"), _("Your comment stands beside the words."), forms.RemarkForm,
         services.remark, "post.view",
         (State.DRAFT, State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED), "note"),
    Step("batalkan", _("Call it off"), _("It will not be published."), forms.ReasonForm,
         services.cancel, "post.write",
         (State.DRAFT, State.IN_REVIEW, State.CHANGES_REQUESTED, State.APPROVED, State.SCHEDULED,
          State.HELD, State.FAILED), "close", is_danger=True),
)  # fmt: skip
BY_SLUG = {step.slug: step for step in STEPS}
