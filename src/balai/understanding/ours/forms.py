"""How the intents meet the five kinds of a complaint form; the one place that says so.

The kinds are those of Surabaya's public form (Saran, Kritik, Keluhan, Permohonan Informasi,
Apresiasi), which other offices use alike. A form knows less than we do: it has no kind for an
emergency, a rumour or a wrong by an official, so the way back is not the way there.
"""

from __future__ import annotations

from collections.abc import Mapping

INTENT_OF_KIND: Mapping[str, str] = {
    "Saran": "aspiration",
    "Kritik": "complaint",
    "Keluhan": "complaint",
    "Permohonan Informasi": "information_request",
    "Apresiasi": "praise",
}

KIND_OF_INTENT: Mapping[str, str | None] = {
    "question": "Permohonan Informasi",
    "complaint": "Keluhan",
    "aspiration": "Saran",
    "information_request": "Permohonan Informasi",
    "praise": "Apresiasi",
    "report_emergency": "Keluhan",
    "rumor_sighting": "Permohonan Informasi",
    "whistleblow": None,  # its own sealed way: domain 1.4, "never enters the social inbox"
    "abuse": None,
    "spam": None,
}
"""The kind to file a message under, or None where it must not be filed with the others."""
