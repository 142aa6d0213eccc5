"""The application of bench 4: the product's, with the empty page added."""

from django.conf import settings

settings.ROOT_URLCONF = "balai.config.bench.inbox_urls"

from balai.config.wsgi import application  # noqa: E402 - after the addresses are set

__all__ = ["application"]
