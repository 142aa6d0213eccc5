"""The sample's answer library: proposed and approved through the services, by two people."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from balai.config.sample.office import Office
from balai.ground.clock import now
from balai.library.models import Article
from balai.library.services import Cited, Worded, approve_edition, propose_article


def fill_library(articles: list[Mapping[str, Any]], office: Office) -> list[Article]:
    """Write every article of library.toml; those without `approved_by` stay drafts."""
    return [_written(told, office) for told in articles]


def _written(told: Mapping[str, Any], office: Office) -> Article:
    languages = [code for code, said in told.items() if isinstance(said, Mapping)]
    article = propose_article(
        institution=office.institution,
        kind=told["kind"],
        topic=told["topic"],
        intent=told.get("intent", ""),
        unit=office.units.get(told.get("unit", "")),
        wordings=[
            Worded(code, told[code]["title"], told[code]["body"].strip()) for code in languages
        ],
        citations=[Cited(told["source"])] if "source" in told else [],
        review_on=now().date() + timedelta(days=told["review_in_days"]),
        by=office.members[told["by"]],
        is_public=told.get("is_public", False),
    )
    if "approved_by" in told:
        approve_edition(article, number=1, by=office.members[told["approved_by"]])
    return article
