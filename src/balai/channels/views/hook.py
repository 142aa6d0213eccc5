"""The webhook door: genuine? keep the bytes, answer at once. Nothing is understood here."""

from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, HttpResponseNotFound
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from balai.channels.contract import Can, RemoteError
from balai.channels.models import Connection
from balai.channels.selectors import connector_of
from balai.channels.services import hold_parcel, keep_parcels


@csrf_exempt
@require_http_methods(["GET", "POST"])
def hook(request: HttpRequest, address: str) -> HttpResponse:
    """A network calls. GET is its check that the address is ours, POST brings a parcel; networks
    that know only GET bring it in the query."""
    connection = Connection.objects.filter(address=address).exclude(state="closed").first()
    if connection is None:
        return HttpResponseNotFound()
    connector = connector_of(connection)
    if Can.HEAR not in connector.can:
        return HttpResponseNotFound()
    body = request.body
    if request.method == "GET" and connector.hears_by_get:
        body = request.META["QUERY_STRING"].encode("latin-1")  # as the bytes came (PEP 3333)
    elif request.method == "GET":
        try:
            return HttpResponse(connector.greet(request.GET.dict()), content_type="text/plain")
        except RemoteError:
            return HttpResponseForbidden()
    headers = {name.lower(): value for name, value in request.headers.items()}
    if not connector.is_genuine(headers, body):
        return HttpResponseForbidden()
    if Can.GATHER in connector.can:
        hold_parcel(connection, body)
    else:
        keep_parcels(connection, [body])
    return HttpResponse(status=200)
