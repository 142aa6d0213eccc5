"""An open page says that somebody is at it, and hears who else is."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from balai.inbox import selectors, services
from balai.inbox.views.finding import unsealed
from balai.people.middleware import StaffRequest, needs


@require_POST
@needs("conversation.view")
def present(request: StaffRequest, conversation_id: int) -> HttpResponse:
    """Renew the reader's presence; the answer names the others."""
    found = unsealed(request, conversation_id)
    is_writing = request.POST.get("writing") == "1"
    services.be_present(found, by=request.member, is_writing=is_writing)
    others = selectors.others_at(found, request.member)
    return render(request, "inbox/parts/present.html", {"others": others})
