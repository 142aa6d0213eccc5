"""The catalogue of the screens' words: gather, compile, and prove that it is whole.

Babel does the work, so no system package is needed. English is the language of the source, and
Indonesian the language of the house: `python -m balai.config.catalogues` gathers new words into
locale/id, where a person translates them, and compiles what is there.
"""

import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages import mofile, pofile
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.plurals import PLURALS
from django.utils.translation.template import templatize

PACKAGE = Path(__file__).resolve().parent.parent
LOCALE = Path(__file__).resolve().parent / "locale"
LANGUAGES = ("id",)
ALWAYS = datetime(2026, 1, 1, tzinfo=UTC)  # the header names no moment, so files differ by words
KEYWORDS: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# What templatize leaves of a Django template: calls with string literals among X-ed out text.
CALL = re.compile(
    r"""(?P<name>_|gettext|ngettext|pgettext|npgettext)\(
        (?P<arguments>(?:[^'"()]|u?'(?:[^'\\]|\\.)*'|u?"(?:[^"\\]|\\.)*")*)\)""",
    re.VERBOSE | re.DOTALL,
)
PLURALS["id"] = (1, "0")  # Babel's table lacks Indonesian, which has one form for any number
NAMED = re.compile(r"%\((\w+)\)[a-z]")


def problems() -> list[str]:
    """What is missing, left over, unfinished, wrong or not compiled, in words; empty when whole."""
    gathered = gather()
    return [line for language in LANGUAGES for line in _problems_of(language, gathered)]


def gather() -> Catalog:
    """Every string of the house's screens: Python, Django templates, Jinja2 templates."""
    found = Catalog(project="Balai", charset="utf-8")
    for path in sorted(PACKAGE.rglob("*")):
        if "tests" in path.parts or path.name == "tests.py" or "migrations" in path.parts:
            continue
        for message, context in _strings_of(path):
            found.add(message, context=context)
    return found


def update() -> int:
    """Bring new words in and take old ones out; returns how many wait for a translation."""
    gathered = gather()
    waiting = 0
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(gathered, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        write(language, catalog)
        waiting += sum(1 for message in catalog if message.id and not _is_done(message))
    return waiting


def read(language: str) -> Catalog:
    """The catalogue as people edited it."""
    path = _po(language)
    if not path.exists():
        return Catalog(locale=language, project="Balai", charset="utf-8")
    with path.open("rb") as source:
        return pofile.read_po(source, locale=language)


def write(language: str, catalog: Catalog) -> None:
    """Write the catalogue in a stable order, without line numbers, and compile it."""
    catalog.creation_date = catalog.revision_date = ALWAYS
    catalog.header_comment = "# The words of Balai's screens. Gathered by balai.config.catalogues."
    catalog.version, catalog.msgid_bugs_address = "1", ""
    catalog.last_translator, catalog.language_team = "Balai", "Balai"
    catalog.fuzzy = False
    _po(language).parent.mkdir(parents=True, exist_ok=True)
    with _po(language).open("wb") as target:
        pofile.write_po(target, catalog, width=100, no_location=True, sort_output=True)
    _mo(language).write_bytes(compiled(read(language)))


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as Django reads it."""
    made = io.BytesIO()
    mofile.write_mo(made, catalog)
    return made.getvalue()


def _problems_of(language: str, gathered: Catalog) -> Iterator[str]:
    catalog = read(language)
    ask = "run: python -m balai.config.catalogues"
    for wanted in gathered:
        have = catalog.get(wanted.id, wanted.context)
        if wanted.id and have is None:
            yield f"{language}: not in the catalogue ({ask}): {_words(wanted)}"
    for message in catalog:
        if not message.id:
            continue
        if gathered.get(message.id, message.context) is None:
            yield f"{language}: no screen says this any more ({ask}): {_words(message)}"
        elif not _is_done(message):
            yield f"{language}: not translated: {_words(message)}"
        elif _placeholders(message.id) != _placeholders(message.string):
            yield f"{language}: other placeholders than in English: {_words(message)}"
    if not _mo(language).exists() or _mo(language).read_bytes() != compiled(catalog):
        yield f"{language}: the catalogue is not compiled ({ask})"


def _strings_of(path: Path) -> Iterator[tuple[Any, str | None]]:
    if path.suffix == ".py":
        with path.open("rb") as source:
            for _line, message, _comments, context in extract("python", source, KEYWORDS):
                yield message, context
    elif "jinja2" in path.parts and path.is_file():
        with path.open("rb") as source:
            options = {"silent": "false"}
            found = extract("jinja2.ext:babel_extract", source, KEYWORDS, options=options)
            for _line, message, _comments, context in found:
                yield message, context
    elif "templates" in path.parts and path.suffix in {".html", ".txt"}:
        for call in CALL.finditer(templatize(path.read_text(), str(path))):
            yield _of_call(call)


def _of_call(call: re.Match[str]) -> tuple[Any, str | None]:
    source = io.BytesIO(call[0].encode())
    for _line, message, _comments, context in extract("python", source, KEYWORDS):
        return message, context
    raise ValueError(f"cannot read {call[0]}")


def _is_done(message: Message) -> bool:
    strings = message.string if isinstance(message.string, tuple | list) else (message.string,)
    return bool(strings) and all(strings) and not message.fuzzy


def _placeholders(words: Any) -> set[str]:
    several = words if isinstance(words, tuple | list) else (words,)
    return {name for one in several for name in NAMED.findall(one)}


def _words(message: Message) -> str:
    one = message.id[0] if isinstance(message.id, tuple | list) else message.id
    return one if len(one) < 90 else one[:87] + "..."


def _po(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def _mo(language: str) -> Path:
    return _po(language).with_suffix(".mo")


if __name__ == "__main__":
    count = update()
    sys.stdout.write(f"{count} strings wait for a translation\n")
    sys.exit(1 if count else 0)
