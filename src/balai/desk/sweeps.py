"""What the desk does when time passes. Each sweep does a little and says how much it did."""

from balai.desk import services
from balai.desk.models import DeskSetting
from balai.desk.selectors import teams_of
from balai.people.selectors import DESK


def give_out_work() -> int:
    """Give out what waits, and let deputies go on, where the office wants the desk to do it."""
    given = 0
    for setting in DeskSetting.objects.filter(gives_out=True).select_related("institution"):
        given += services.cover_absent(setting.institution)
        for team in teams_of(setting.institution):
            given += services.give_out(team, by=DESK)
    return given


def answer_triggers() -> int:
    """Rules and the away note answer what happened."""
    return services.answer_triggers()


def look_for_quiet() -> int:
    """Rules act where nothing was said for their hours."""
    return services.look_for_quiet()


def watch_clocks() -> int:
    """Promised answers that come near or are late are told to those who answer for them."""
    return services.escalate_some()


def send_hooks() -> int:
    """Messages to other systems leave."""
    return services.send_due_hooks()


def drop_old_hooks() -> int:
    """The log of messages to other systems is kept for a month."""
    return services.drop_old_hooks()
