"""What a member was about to say, and with what an institution's answers end."""

from collections.abc import Sequence

from balai.inbox.models import AnswerStyle, Conversation, Draft
from balai.library.selectors import fill
from balai.people.models import Institution, Member


def draft_of(conversation: Conversation, member: Member) -> Draft | None:
    """The member's own draft; nobody sees somebody else's."""
    return Draft.objects.filter(conversation=conversation, member=member).first()


def drafted_among(member: Member, conversation_ids: Sequence[int]) -> frozenset[int]:
    """In which of these conversations the member has a draft."""
    mine = Draft.objects.filter(member=member, conversation_id__in=conversation_ids)
    return frozenset(mine.values_list("conversation_id", flat=True))


def sign_off_of(institution: Institution | int) -> str:
    """The sign-off as it was set, with its variables; empty when answers end without one."""
    number = institution if isinstance(institution, int) else institution.pk
    style = AnswerStyle.objects.filter(institution=number).first()
    return style.sign_off if style else ""


def signed(text: str, by: Member) -> str:
    """The answer with the institution's sign-off below it, once."""
    sign_off = sign_off_of(by.institution_id)
    if not sign_off:
        return text
    known = {"petugas": by.name, "instansi": by.institution.name, "unit": str(by.unit or "")}
    words = fill(sign_off, known).text
    return text if text.rstrip().endswith(words) else f"{text.rstrip()}\n\n{words}"
