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
from balai.desk.selectors.teams import (
    hand_overs_for,
    reads_hand_overs,
    seats_of,
    setting_of,
    shifts_of,
    teams_of,
)

__all__ = [
    "Rota",
    "absences_ahead",
    "capacities_of",
    "hand_overs_for",
    "loads_of",
    "reads_hand_overs",
    "rota_of",
    "seats_of",
    "setting_of",
    "shifts_of",
    "teams_of",
    "today_of",
    "waiting_of",
]
