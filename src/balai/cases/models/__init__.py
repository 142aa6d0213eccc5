from balai.cases.models.case import Case
from balai.cases.models.clock import Clock, ClockWalk, EscalationNotice, Standstill
from balai.cases.models.trail import Move, Promise, Referral, Reply, Return
from balai.cases.models.voice import Voice

__all__ = [
    "Case",
    "Clock",
    "ClockWalk",
    "EscalationNotice",
    "Move",
    "Promise",
    "Referral",
    "Reply",
    "Return",
    "Standstill",
    "Voice",
]
