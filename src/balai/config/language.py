"""The language of a page: the reader's choice, else Indonesian. A browser's wish is no choice."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation
from django.utils.cache import patch_vary_headers

type_of_answer = Callable[[HttpRequest], HttpResponseBase]


def language_by_choice(get_response: type_of_answer) -> type_of_answer:
    """Middleware in place of Django's, which would follow Accept-Language.

    Telephones sold in Indonesia often ask for English on behalf of people who read Indonesian.
    """
    known = {code for code, _name in settings.LANGUAGES}

    def middleware(request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        translation.activate(chosen if chosen in known else settings.LANGUAGE_CODE)
        request.LANGUAGE_CODE = translation.get_language()
        response = get_response(request)
        response.headers.setdefault("Content-Language", translation.get_language())
        patch_vary_headers(response, ("Cookie",))
        return response

    return middleware
