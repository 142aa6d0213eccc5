"""A mail in HTML, as the words that a person would read. Time grows with length, not with nesting.

The result is plain text and is escaped where it is shown, so nothing here is a protection against
scripts. The usual libraries build a tree, and a megabyte of opened <div> costs them minutes
(nh3 0.3.8: 186 s, measured 2026-11-22); reading a stranger's mail must not.
"""

import html
import re

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
SPACES = re.compile(r"[ \t\r\n\f\xa0]+")


def words_of(page: str) -> str:
    """The text of an HTML mail: paragraphs, list marks, link targets, `> ` before quotations."""
    writer, at, end = _Writer(), 0, len(page)
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

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.depth = 0
        self.kept_as_typed = False
        self.link = ""
        self.link_from = 0

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
            shown = "".join(self.line[self.link_from :]).strip()
            if shown and self.link.removeprefix("mailto:") not in shown:
                self.line.append(f" <{self.link}>")
        target = HREF.search(attributes)
        self.link = html.unescape(next(filter(None, target.groups()), "")) if target else ""
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
