"""What the pages of readiness show, gathered and put into words."""

from balai.readiness.pages.assessment import (
    assessment_page,
    assessments_page,
    component_page,
    plan_form,
    return_form,
    step_form,
)
from balai.readiness.pages.index import measure_page, overview, scorecard_page

__all__ = [
    "assessment_page",
    "assessments_page",
    "component_page",
    "measure_page",
    "overview",
    "plan_form",
    "return_form",
    "scorecard_page",
    "step_form",
]
