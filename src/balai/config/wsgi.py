"""The pages, under WSGI."""

import os
from importlib import import_module

from django.conf import settings
from django.core.wsgi import get_wsgi_application
from django.template import engines
from django.utils import translation

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "balai.config.settings")

TEMPLATES = (  # with what they include, most of an officer's day
    ("django", "inbox/conversation.html"),
    ("django", "inbox/queue.html"),
    ("jinja2", "bar.jinja"),
    ("jinja2", "nav.jinja"),
    ("jinja2", "inbox/queue.jinja"),
    ("jinja2", "inbox/toolbar.jinja"),
)


def warm() -> None:
    """Load now what Django loads with the first request: nobody waits seconds for a fresh worker.

    `serve` loads this module once and forks its workers from it, so that they share what is here
    and a worker that is replaced stands at once. No database is opened: no connection may be
    carried through a fork.
    """
    # They open models: the rooms must stand first.
    from balai.governance.selectors.calendar import load_national_days_off
    from balai.ground.worker import calm_collector

    import_module(settings.ROOT_URLCONF)
    load_national_days_off()
    for engine, name in TEMPLATES:
        engines[engine].get_template(name)
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            translation.gettext("Inbox")
    calm_collector()


application = get_wsgi_application()
warm()
