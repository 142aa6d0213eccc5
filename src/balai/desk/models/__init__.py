from balai.desk.models.away import AwayNote, DeskSetting
from balai.desk.models.hook import Endpoint, HookDelivery
from balai.desk.models.notice import ClockRound, Escalated, Notice
from balai.desk.models.rule import Rule, RuleRun, RuleVersion, Trigger
from balai.desk.models.shift import Duty, Shift, ShiftChange, ShiftSpan
from balai.desk.models.team import (
    Absence,
    Capacity,
    HandOver,
    HandOverRead,
    Passed,
    Team,
    TeamMember,
)

__all__ = [
    "Absence",
    "AwayNote",
    "Capacity",
    "ClockRound",
    "DeskSetting",
    "Duty",
    "Endpoint",
    "Escalated",
    "HandOver",
    "HandOverRead",
    "HookDelivery",
    "Notice",
    "Passed",
    "Rule",
    "RuleRun",
    "RuleVersion",
    "Shift",
    "ShiftChange",
    "ShiftSpan",
    "Team",
    "TeamMember",
    "Trigger",
]
