"""Each institution's messages read with the model that it chose."""

import logging
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from balai.inbox.selectors import folders_of_models
from balai.understanding.reading import BrokenModelError, Reader, Reading, read, reader_for

logger = logging.getLogger(__name__)


def read_each(institutions: Sequence[int], texts: Sequence[str]) -> list[Reading]:
    """One reading a text, in order; `institutions` says whose each text is.

    Texts of the same model are read in one batch. A model that cannot be loaded never stops the
    post: its texts are read with the one that Balai brings, and each reading names its model.
    """
    folders = folders_of_models(set(institutions))
    if not folders:
        return read(texts)
    groups: dict[Path | None, list[int]] = defaultdict(list)
    for place, institution in enumerate(institutions):
        groups[folders.get(institution)].append(place)
    readings: dict[int, Reading] = {}
    for folder, places in groups.items():
        found = _reader(folder).read([texts[place] for place in places])
        readings.update(zip(places, found, strict=True))
    return [readings[place] for place in range(len(texts))]


def _reader(folder: Path | None) -> Reader:
    try:
        return reader_for(folder)
    except BrokenModelError:
        logger.exception("the model of an institution cannot be read")
        return reader_for()
