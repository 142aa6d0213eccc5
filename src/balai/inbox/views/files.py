"""A citizen's file, handed to an officer: as bytes to keep, never as a page to run."""

from urllib.parse import quote

from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, Http404, HttpResponse
from django.views.decorators.http import require_GET

from balai.inbox import selectors
from balai.inbox.uploads import kind_of, shown_name
from balai.people.middleware import StaffRequest, needs


@require_GET
@needs("conversation.view")
def attachment(request: StaffRequest, attachment_id: int) -> HttpResponse:
    """The file with headers under which no browser runs anything. The sender's type is not used."""
    try:
        found = selectors.attachment_for(request.member, attachment_id)
        file = selectors.place_of(found).open("rb")
    except ObjectDoesNotExist as missing:
        raise Http404 from missing
    kind = kind_of(file.read(16))
    file.seek(0)
    answer: HttpResponse = FileResponse(file, content_type=kind)  # type: ignore[assignment]
    name = quote(shown_name(found.name), safe="")
    answer.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    answer.headers["X-Content-Type-Options"] = "nosniff"
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    answer.headers["Cross-Origin-Resource-Policy"] = "same-origin"
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
