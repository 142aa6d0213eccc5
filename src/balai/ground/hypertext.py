"""A stranger's HTML, as the words that a person would read: mails, posts, articles of feeds.

Time grows with length, not with nesting. The result is plain text and is escaped where it is shown,
so nothing here is a protection against scripts. The usual libraries build a tree, and a megabyte of
opened <div> costs them minutes (nh3 0.3.8: 186 s, measured 2026-11-22); reading what a stranger
wrote must not.
"""

import html
import re
from collections.abc import Callable

TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})(?=[\s/>:])")
UNREAD = {name: re.compile(rf"</{name}", re.IGNORECASE) for name in ("style", "script", "title")}
APART = frozenset(("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "table", "blockquote"))
BREAKS = APART.union(
    ("address", "article", "center", "dd", "div", "dl", "dt", "fieldset", "footer", "form"),
    ("header", "hr", "li", "main", "pre", "section", "tbody", "tfoot", "thead", "tr"),
)
HREF = re.compile(
    r"""\shref\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})'|([^\s"'>]{1,2000}))""", re.I
)
ALT = re.compile(r"""\salt\s*=\s*(?:"([^"]{1,2000})"|'([^']{1,2000})')""", re.I)
DEEPEST = 5  # levels of quotation that are still shown
CLASSES = re.compile(
    r"""\sclass\s*=\s*(?:"([^"]{1,500})"|'([^']{1,500})'|([^\s"'>]{1,500}))""", re.I
)
SPACES = re.compile(r"[ \t\r\n\f\xa0]+")


# How a link is written out: from its target, the words shown, and the names of its classes.
Linking = Callable[[str, str, frozenset[str]], str]


def with_target(target: str, shown: str, classes: frozenset[str]) -> str:
    """The words of a link, and where it leads when the words do not say so."""
    return shown if target.removeprefix("mailto:") in shown else f"{shown} <{target}>"


def words_of(page: str, link: Linking = with_target) -> str:
    """The text of some HTML: paragraphs, list marks, link targets, `> ` before quotations."""
    writer, at, end = _Writer(link), 0, len(page)
    while at < end:
        opened = page.find("<", at)
        if opened < 0:
            writer.text(page[at:])
            break
        writer.text(page[at:opened])
        at = _after_tag(page, opened, writer)
    return writer.result()


def _after_tag(page: str, at: int, writer: "_Writer") -> int:
    """Obey the tag that begins at `at`; the place behind it. A search that fails ends the page."""
    if page.startswith("<!--", at):
        close = page.find("-->", at + 4)
        return len(page) if close < 0 else close + 3
    tag = TAG.match(page, at)
    close = page.find(">", at)
    if close < 0:
        writer.text(page[at:])
        return len(page)
    if tag is None:
        if page[at + 1 : at + 2] in ("!", "?", "/"):
            return close + 1
        writer.text("<")
        return at + 1
    name = tag[2].lower()
    if name in UNREAD and not tag[1]:
        ending = UNREAD[name].search(page, close)
        if ending is None:
            return len(page)
        close = page.find(">", ending.end())
        return len(page) if close < 0 else close + 1
    writer.tag(name, bool(tag[1]), page[tag.end() : min(close, tag.end() + 8000)])
    return close + 1


class _Writer:
    """Collects lines while the tags pass by."""

    def __init__(self, written: Linking) -> None:
        self.written = written
        self.lines: list[str] = []
        self.line: list[str] = []
        self.depth = 0
        self.kept_as_typed = False
        self.link = ""
        self.link_from = 0
        self.link_classes: frozenset[str] = frozenset()

    def text(self, raw: str) -> None:
        if not raw:
            return
        words = html.unescape(raw)
        if self.kept_as_typed:
            first, *more = words.split("\n")
            self.line.append(first)
            for line in more:
                self._end_line()
                self.line.append(line)
            return
        self.line.append(SPACES.sub(" ", words))

    def tag(self, name: str, closing: bool, attributes: str) -> None:
        if name == "br":
            self._end_line()
        elif name == "a":
            self._link("" if closing else attributes, closing)
        elif name == "img":
            said = ALT.search(attributes)
            self.line.append(html.unescape((said[1] or said[2]).replace("\n", " ")) if said else "")
        elif name in ("td", "th"):
            self.line.append(" ")
        elif name in BREAKS:
            self._block(name, closing)

    def result(self) -> str:
        self._end_line()
        out: list[str] = []
        for line in self.lines:
            if line.strip("> ") or (out and out[-1].strip("> ")):
                out.append(line)
        return "\n".join(out).strip("\n")

    def _block(self, name: str, closing: bool) -> None:
        if any(piece.strip() for piece in self.line):
            self._end_line()
        self.line.clear()
        if name == "blockquote":
            self.depth = max(self.depth - 1, 0) if closing else self.depth + 1
        elif name == "pre":
            self.kept_as_typed = not closing
        elif name == "li" and not closing:
            self.line.append("- ")
        if name in APART and self.lines:
            self.lines.append("> " * min(self.depth, DEEPEST))

    def _link(self, attributes: str, closing: bool) -> None:
        if closing and self.link:
            raw = "".join(self.line[self.link_from :])
            if shown := raw.strip():
                written = self.written(self.link, shown, self.link_classes)
                before, after = raw[: -len(raw.lstrip())], raw[len(raw.rstrip()) :]
                self.line[self.link_from :] = [before, written, after]
        target, named = HREF.search(attributes), CLASSES.search(attributes)
        self.link = html.unescape(next(filter(None, target.groups()), "")) if target else ""
        self.link_classes = frozenset(
            next(filter(None, named.groups()), "").split() if named else ()
        )
        if not self.link.lower().startswith(("http://", "https://", "mailto:")):
            self.link = ""
        self.link_from = len(self.line)

    def _end_line(self) -> None:
        words = "".join(self.line)
        if not self.kept_as_typed:
            words = SPACES.sub(" ", words).strip()
        self.lines.append("> " * min(self.depth, DEEPEST) + words.replace("\n", " "))
        self.line.clear()
        self.link_from = 0
