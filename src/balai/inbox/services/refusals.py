"""Why an answer does not leave, each with words for whoever wrote it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from balai.inbox.models import HeldAnswer, Message, ReplyPolicy


class AlreadyAnswered(Exception):
    """Somebody answered the citizen's last words already; `answer` is what was said."""

    def __init__(self, answer: Message) -> None:
        super().__init__(_("This message was answered already. Read that answer first."))
        self.answer = answer


class CitizenWroteMeanwhile(Exception):
    """The citizen said more than the officer had seen; an answer now would pass over it."""

    def __init__(self) -> None:
        super().__init__(_("The citizen wrote again meanwhile. Read it, then answer."))


class TooLong(Exception):
    """The network does not take a text of this length."""

    def __init__(self, length: int, limit: int) -> None:
        super().__init__(
            _("The text has %(length)d characters; this channel takes %(limit)d.")
            % {"length": length, "limit": limit}
        )
        self.length, self.limit = length, limit


class Unfilled(Exception):
    """A variable of an article still stands in the answer."""

    def __init__(self, names: Sequence[str]) -> None:
        self.names = ", ".join(f"{{{name}}}" for name in names)
        super().__init__(_("Fill this in before it leaves: %(names)s.") % {"names": self.names})


class NotSober(Exception):
    """The answer makes fun where somebody complains or is in danger; a reason lets it pass."""

    def __init__(self, signs: Sequence[str]) -> None:
        super().__init__(
            _(
                "This is a complaint or a grave matter. Leave out %(signs)s, or say why it helps "
                "this citizen."
            )
            % {"signs": " ".join(signs)}
        )


class LineClosed(Exception):
    """Our line to this network was ended for good: nothing leaves on it any more."""

    def __init__(self, name: str) -> None:
        super().__init__(
            _(
                "The line “%(name)s” was closed, so no answer can leave on it. Open the identity "
                "to reach the citizen another way, or ask who looks after the channels to connect "
                "a new line."
            )
            % {"name": name}
        )


class NoRightToReply(Exception):
    """The network takes no answer to these words: the right ended, or there never was one."""

    def __init__(self, state: str) -> None:
        super().__init__(
            _("The network takes no answer to this any more. Your words stay here as a draft.")
            if state == "over"
            else _("The network takes no answer to this. Your words stay here as a draft.")
        )
        self.state = state


class NeedsApproval(Exception):
    """A policy of the office asks for a second person before this leaves (`hold_answer`)."""

    def __init__(self, policy: ReplyPolicy) -> None:
        super().__init__(_("A second person reads this answer before it leaves."))
        self.policy = policy


class AnswerWaits(Exception):
    """An answer of somebody else to the same words waits for approval already."""

    def __init__(self, held: HeldAnswer) -> None:
        super().__init__(
            _("An answer of %(name)s waits for approval already. Read it before you write another.")
            % {"name": held.author}
        )
        self.held = held


class NotWaiting(Exception):
    """The answer was decided, withdrawn or reworded meanwhile."""

    def __init__(self) -> None:
        super().__init__(
            _("This wording no longer waits: it was decided, withdrawn or changed. Look again.")
        )
