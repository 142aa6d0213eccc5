"""Plain functions that make articles for tests of any room."""

from datetime import timedelta
from typing import Any

from balai.ground.clock import now
from balai.library.models import Article
from balai.library.services import Cited, Worded, approve_edition, propose_article
from balai.people.models import Institution
from balai.people.tests.make import make_member

BODY = "Yth. {nama}, lampu jalan kami periksa dalam dua hari kerja. Hormat kami, {instansi}"


def make_article(
    institution: Institution,
    body: str = BODY,
    *,
    title: str = "Lampu jalan mati",
    in_force: bool = True,
    **fields: Any,
) -> Article:
    """An article that one person wrote and, unless told otherwise, another one approved."""
    fields = {
        "review_on": now().date() + timedelta(days=90),
        "wordings": [Worded("ind", title, body)],
        "citations": [Cited("Peraturan Bupati 12/2025", "https://contoh.test/perbup-12")],
        "by": make_member(institution, "responder", name="Penulis Contoh"),
        **fields,
    }
    article = propose_article(institution=institution, **fields)
    if in_force:
        editor = make_member(institution, "editor", name="Redaktur Contoh")
        approve_edition(article, number=1, by=editor)
    return article
