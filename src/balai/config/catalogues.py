"""The catalogues of the screens' words, one a room: gather, compile, prove that they are whole.

Babel does the work, so no system package is needed. English is the language of the source, and
Indonesian the language of the house: `python -m balai.config.catalogues [ROOM …]` gathers new words
into the room's locale/id, where a person translates them, and compiles what is there.
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


def rooms() -> list[str]:
    """The rooms that say something on a screen, or whose catalogue is still there."""
    return [
        path.name
        for path in sorted(PACKAGE.iterdir())
        if path.is_dir() and (any(_strings_in(path.name)) or (path / "locale").exists())
    ]


def problems() -> list[str]:
    """What is missing, left over, unfinished, wrong or not compiled, in words; empty when whole."""
    single = (
        line
        for room in rooms()
        for language in LANGUAGES
        for line in _problems_of(room, language, gather(room))
    )
    return [*single, *(line for language in LANGUAGES for line in _quarrels(language))]


def gather(room: str) -> Catalog:
    """Every string of a room's screens: Python, Django templates, Jinja2 templates."""
    found = Catalog(project="Balai", charset="utf-8")
    for message, context in _strings_in(room):
        found.add(message, context=context)
    return found


def update(*chosen: str) -> int:
    """Bring new words in and take old ones out; returns how many wait for a translation."""
    waiting = 0
    for room in chosen or rooms():
        gathered = gather(room)
        for language in LANGUAGES:
            catalog = read(room, language)
            catalog.update(gathered, no_fuzzy_matching=True)
            catalog.obsolete.clear()
            write(room, language, catalog)
            waiting += sum(1 for message in catalog if message.id and not _is_done(message))
    return waiting


def read(room: str, language: str) -> Catalog:
    """The catalogue as people edited it."""
    path = _po(room, language)
    if not path.exists():
        return Catalog(locale=language, project="Balai", charset="utf-8")
    with path.open("rb") as source:
        return pofile.read_po(source, locale=language)


def write(room: str, language: str, catalog: Catalog) -> None:
    """Write the catalogue in a stable order, without line numbers, and compile it."""
    catalog.creation_date = catalog.revision_date = ALWAYS
    catalog.header_comment = f"# What {room} says on screens. Gathered by balai.config.catalogues."
    catalog.version, catalog.msgid_bugs_address = "1", ""
    catalog.last_translator, catalog.language_team = "Balai", "Balai"
    catalog.fuzzy = False
    path = _po(room, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        pofile.write_po(target, catalog, width=100, no_location=True, sort_output=True)
    path.with_suffix(".mo").write_bytes(compiled(read(room, language)))


def compiled(catalog: Catalog) -> bytes:
    """The catalogue as Django reads it."""
    made = io.BytesIO()
    mofile.write_mo(made, catalog)
    return made.getvalue()


def _problems_of(room: str, language: str, gathered: Catalog) -> Iterator[str]:
    catalog, where = read(room, language), f"{room}, {language}"
    ask = f"run: python -m balai.config.catalogues {room}"
    for wanted in gathered:
        have = catalog.get(wanted.id, wanted.context)
        if wanted.id and have is None:
            yield f"{where}: not in the catalogue ({ask}): {_words(wanted)}"
    for message in catalog:
        if not message.id:
            continue
        if gathered.get(message.id, message.context) is None:
            yield f"{where}: no screen says this any more ({ask}): {_words(message)}"
        elif not _is_done(message):
            yield f"{where}: not translated: {_words(message)}"
        elif _placeholders(message.id) != _placeholders(message.string):
            yield f"{where}: other placeholders than in English: {_words(message)}"
    compiled_path = _po(room, language).with_suffix(".mo")
    if not compiled_path.exists() or compiled_path.read_bytes() != compiled(catalog):
        yield f"{where}: the catalogue is not compiled ({ask})"


def _quarrels(language: str) -> Iterator[str]:
    """Django knows one catalogue: of two rooms that translate the same words, one would win."""
    said: dict[Any, tuple[str, Any]] = {}
    for room in rooms():
        for message in read(room, language):
            words = (message.id, message.context)
            first, earlier = said.setdefault(words, (room, message.string))
            if message.id and message.string and earlier not in ("", message.string):
                differ = f"{language}: {first} and {room} differ in: {_words(message)}"
                yield f"{differ} (or give it a context)"


def _strings_in(room: str) -> Iterator[tuple[Any, str | None]]:
    for path in sorted((PACKAGE / room).rglob("*")):
        if "tests" in path.parts or path.name == "tests.py" or "migrations" in path.parts:
            continue
        yield from _strings_of(path)


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


def _po(room: str, language: str) -> Path:
    return PACKAGE / room / "locale" / language / "LC_MESSAGES" / "django.po"


if __name__ == "__main__":
    count = update(*sys.argv[1:])
    sys.stdout.write(f"{count} strings wait for a translation\n")
    sys.exit(1 if count else 0)
