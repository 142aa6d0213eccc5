"""What the browser tests stand on: a Chromium, the judge axe-core, and what a page must obey.

Environment: BALAI_CHROMIUM (default /usr/bin/chromium).
"""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    Route,
    sync_playwright,
)

HERE = Path(__file__).parent
CACHE = HERE.parents[1] / ".cache" / "browser"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 800}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


def chromium() -> str:
    """Where the browser is; installs Debian's where it is missing and we may."""
    path = os.environ.get("BALAI_CHROMIUM", "/usr/bin/chromium")
    if Path(path).exists():
        return path
    if os.geteuid() == 0 and shutil.which("apt-get"):
        sys.stderr.write("browser tests: installing Debian's chromium, once\n")
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for step in (["update", "-qq"], ["install", "-y", "-qq", "chromium"]):
            subprocess.run(["apt-get", *step], env=quiet, check=False, capture_output=True)
        if Path(path).exists():
            return path
    pytest.skip(f"NO BROWSER: there is no chromium at {path} (set BALAI_CHROMIUM)")


@cache
def axe() -> str:
    """The source of axe-core, from the lock beside this file."""
    source = CACHE / "node_modules" / "axe-core" / "axe.min.js"
    stamp = CACHE / "package-lock.json"
    wanted = (HERE / "package-lock.json").read_bytes()
    CACHE.mkdir(parents=True, exist_ok=True)
    with (CACHE / "lock").open("w") as lock:  # several test processes share one checkout
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not source.exists() or not stamp.exists() or stamp.read_bytes() != wanted:
            if not shutil.which("npm"):
                pytest.skip("NO JUDGE: npm is needed once to fetch axe-core")
            shutil.copy(HERE / "package.json", CACHE)
            shutil.copy(HERE / "package-lock.json", CACHE)
            command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent"]
            subprocess.run(command, cwd=CACHE, check=True, timeout=300)
    return source.read_text(encoding="utf-8")


@contextmanager
def open_browser() -> Iterator[Browser]:
    """One Chromium. Its driver keeps an event loop in this thread, which Django must tolerate."""
    path = chromium()
    with pytest.MonkeyPatch.context() as environment, sync_playwright() as playwright:
        environment.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


@dataclass
class Watch:
    """What the pages of one test did that no page of ours may do."""

    origin: str
    strangers: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    def over(self, context: BrowserContext) -> None:
        """Begin to watch every page of the context; nothing leaves this machine meanwhile."""
        context.route("**/*", self._let_home_through)
        context.on("console", self._note)
        context.on("weberror", lambda error: self.broken.append(str(error.error)))

    def assert_well_behaved(self) -> None:
        """No request elsewhere, nothing that the content policy refused, no script that broke."""
        assert self.strangers == []
        assert self.refused == []
        assert self.broken == []

    def _let_home_through(self, route: Route, request: Request) -> None:
        if request.url.startswith((f"{self.origin}/", "data:")):
            route.continue_()
        else:
            self.strangers.append(request.url)
            route.abort()

    def _note(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Content-Security-Policy" in message.text:
            self.refused.append(message.text)


def assert_accessible(page: Page) -> None:
    """Fail on any violation that axe-core finds on the page as it stands now."""
    page.evaluate(axe())
    found = page.evaluate(
        """async (tags) => (await axe.run({runOnly: {type: "tag", values: tags}})).violations
        .flatMap(v => v.nodes.map(n => `${v.id}: ${v.help}: ${n.target.join(" ")}: ${n.html}`))""",
        RULES,
    )
    assert found == [], f"{page.url}: " + "\n".join(found)


def assert_fits(page: Page) -> None:
    """Fail when the page is wider than the window: nobody scrolls sideways to read."""
    wide = page.evaluate(
        """() => {
          const edge = document.documentElement.clientWidth;
          if (document.documentElement.scrollWidth <= edge) return [];
          return [...document.querySelectorAll("body *")]
            .filter(e => e.getBoundingClientRect().right > edge + 1)
            .map(e => e.outerHTML.slice(0, 120)).slice(0, 5);
        }"""
    )
    assert wide == [], f"{page.url} is wider than the window: {wide}"


def assert_touchable(page: Page) -> None:
    """Fail when a control is smaller than 24 px either way (links inside a sentence excepted)."""
    small = page.evaluate(
        """() => [
          ...document.querySelectorAll("button, summary, select, input:not([type=hidden]), a"),
        ]
          .filter(e => e.checkVisibility({visibilityProperty: true}))
          .filter(e => !(e.tagName === "A" && getComputedStyle(e).display === "inline"))
          .filter(e => !e.closest(".skip, .visually-hidden") && !e.matches(".row-title"))
          .map(e => [e.getBoundingClientRect(), e.outerHTML.slice(0, 120)])
          .filter(([r]) => r.width > 0 && (r.width < 24 || r.height < 24))
          .map(([r, html]) => `${Math.round(r.width)}x${Math.round(r.height)} ${html}`)"""
    )
    assert small == [], f"{page.url}: too small to touch: {small}"
