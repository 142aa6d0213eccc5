"""The verbs of readiness."""

from balai.readiness.services.assessing import (
    add_evidence,
    assess,
    freeze_figures,
    hand_in,
    plan_assessment,
    withdraw_evidence,
)
from balai.readiness.services.attesting import (
    attest,
    discuss,
    judge_sample,
    publish,
    return_assessment,
    sign,
    take_step,
)
from balai.readiness.services.reckoning import due_institution, reckon

__all__ = [
    "add_evidence",
    "assess",
    "attest",
    "discuss",
    "due_institution",
    "freeze_figures",
    "hand_in",
    "judge_sample",
    "plan_assessment",
    "publish",
    "reckon",
    "return_assessment",
    "sign",
    "take_step",
    "withdraw_evidence",
]
