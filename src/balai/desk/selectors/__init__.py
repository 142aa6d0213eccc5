"""What the screens and other rooms may know of how the work is shared."""

from balai.desk.selectors.duty import (
    Rota,
    absences_ahead,
    capacities_of,
    loads_of,
    rota_of,
    today_of,
    waiting_of,
)
from balai.desk.selectors.notices import notices_of, unread_of
from balai.desk.selectors.ruling import (
    DryRun,
    Meeting,
    dry_run,
    newest_version,
    rules_of,
    runs_of,
)
from balai.desk.selectors.teams import (
    hand_overs_for,
    reads_hand_overs,
    seats_of,
    setting_of,
    shifts_of,
    teams_of,
)

__all__ = [
    "DryRun",
    "Meeting",
    "Rota",
    "absences_ahead",
    "capacities_of",
    "dry_run",
    "hand_overs_for",
    "loads_of",
    "newest_version",
    "notices_of",
    "reads_hand_overs",
    "rota_of",
    "rules_of",
    "runs_of",
    "seats_of",
    "setting_of",
    "shifts_of",
    "teams_of",
    "today_of",
    "unread_of",
    "waiting_of",
]
