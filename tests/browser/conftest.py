"""Fixtures of the browser tests: the running site, a browser, pages that are watched.

`site` is Django's live server in a thread of this process, so a test makes its rows with the rooms'
`tests/make.py` and sees them at once. `page` is anonymous; `page_of(member)` is signed in;
both fail the test when a page asks another host, breaks, or is refused by its content policy.
"""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, BrowserContext, Page

from balai.people.models import Member, User
from tests.browser.browsing import DESK, Watch, open_browser

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser/" in item.path.as_posix():
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """One browser for this folder; closed before tests of other folders want the event loop."""
    with open_browser() as opened:
        yield opened


@pytest.fixture
def site(browser: Browser, live_server: Any) -> str:
    """The address of the running house, without a slash at the end."""
    return str(live_server.url)


@pytest.fixture
def new_context(browser: Browser, site: str) -> Iterator[Callable[..., BrowserContext]]:
    """Open a browser context: new_context(java_script_enabled=False, color_scheme="dark", …)."""
    opened: list[BrowserContext] = []
    watch = Watch(site)

    def open_context(**options: Any) -> BrowserContext:
        context = browser.new_context(**{"base_url": site, "viewport": DESK, **options})
        context.set_default_timeout(15_000)
        watch.over(context)
        opened.append(context)
        return context

    yield open_context
    for context in opened:
        context.close()
    watch.assert_well_behaved()


@pytest.fixture
def page(new_context: Callable[..., BrowserContext]) -> Page:
    """A page that nobody signed in to."""
    return new_context().new_page()


@pytest.fixture
def page_of(new_context: Callable[..., BrowserContext], site: str) -> Callable[..., Page]:
    """A page that a member (or user) signed in to: page_of(member, color_scheme="dark")."""

    def open_page(who: Member | User, **options: Any) -> Page:
        context = new_context(**options)
        sign_in(context, who, site)
        return context.new_page()

    return open_page


def sign_in(context: BrowserContext, who: Member | User, site: str) -> None:
    """Give the context the session of `who`, without the sign-in page."""
    client = Client()
    client.force_login(who.user if isinstance(who, Member) else who, backend=BACKEND)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])
