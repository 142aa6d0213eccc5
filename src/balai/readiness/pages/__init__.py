"""What the pages of readiness show, gathered and put into words."""

from balai.readiness.pages.index import measure_page, overview

__all__ = ["measure_page", "overview"]
