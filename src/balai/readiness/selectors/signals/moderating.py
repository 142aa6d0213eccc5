"""What was hidden, under which rule, and whether it was upheld (domain 3.5 O2), from the ledger."""

from balai.governance.models import AuditEntry
from balai.people.models import Member
from balai.readiness.rules.figures import Figure, counted
from balai.readiness.selectors.signals.answering import conversation_rows
from balai.readiness.selectors.signals.window import CountedRow, Window

HID, SHOWED_AGAIN = "conversation.moderated", "conversation.restored"


def sound(asked: Window, n_min: int) -> Figure:
    """1 - (without a rule, or overturned) / all decisions to hide within the window."""
    hidden = _hidden(asked)
    return counted(
        sum(1 for _id, holds in hidden if holds), len(hidden), n=len(hidden), n_min=n_min
    )


def rows(asked: Window, reader: Member, limit: int) -> list[CountedRow]:
    """Decisions that were without a rule or overturned, then those that hold."""
    hidden = _hidden(asked)
    fallen = [number for number, holds in hidden if not holds][:limit]
    held = [number for number, holds in hidden if holds][:limit]
    found = conversation_rows(reader, fallen, fulfil=False)
    return [*found, *conversation_rows(reader, held, fulfil=True)][:limit]


def _hidden(asked: Window) -> list[tuple[int, bool]]:
    """Every decision to hide: the conversation's id, and whether it has a rule and still holds.

    A later decision to show it again overturns the last one before it, also after the window.
    """
    entries = AuditEntry.objects.filter(
        institution_id=asked.institution.pk, did__in=(HID, SHOWED_AGAIN), at__gte=asked.begins_at
    )
    found: list[tuple[int, bool]] = []
    last: dict[str, int] = {}  # where the present decision about a conversation stands in `found`
    for entry in entries.order_by("number"):
        number = entry.object_id
        if entry.did == HID and entry.at < asked.ends_at:
            last[number] = len(found)
            found.append((int(number), bool(entry.facts.get("rule_id"))))
        elif entry.did == SHOWED_AGAIN and number in last:
            found[last.pop(number)] = (int(number), False)
    return found
