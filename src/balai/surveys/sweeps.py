"""What surveys do when time passes."""

from balai.surveys.services import end_surveys_over


def close_what_is_over() -> int:
    """Close surveys whose last day is past, in their own zone."""
    return end_surveys_over()
