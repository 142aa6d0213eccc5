"""Which accounts are really ours: the page, the question of a machine, the signed list."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from balai.ground import signing
from balai.ground.forms import tried
from balai.ground.gate import Bucket, may_pass, visitor
from balai.portal import official
from balai.portal.forms import CheckAccount, ReportAccount
from balai.portal.shelf import SECONDS, public_page
from balai.portal.views.front import shown, wanted
from balai.registry.selectors import verify
from balai.registry.services import report_false_account

QUESTIONS = Bucket("verify", 60, 60)  # of one address in a minute
REPORTS = Bucket("report-false", 5, 3600)
ALL_REPORTS = Bucket("report-false-all", 200, 3600)


def check(request: HttpRequest) -> HttpResponse:
    """Is this account ours? Also the list of all that are."""
    return _check(request)


@public_page
def _check(request: HttpRequest) -> HttpResponse:
    institution = wanted("")
    form = CheckAccount(request.GET if "akun" in request.GET else None)
    found: dict[str, Any] = {}
    if form.is_valid():
        if not may_pass(QUESTIONS, visitor(request)):
            return shown(request, "portal/too_often.html", institution, status=429)
        asked = form.cleaned_data["akun"]
        found = {
            "asked": asked,
            "verdict": official.told(verify(asked, channel=form.cleaned_data["jaringan"])),
        }
    listed = {"listed": official.by_status(), "key_id": signing.key_id()}
    status = 404 if found and not found["verdict"]["is_ours"] else 200
    return shown(
        request, "portal/check.html", institution, status=status, form=form, **found, **listed
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Tell us of an account that speaks in our name without right."""
    institution = wanted("")
    start = {"account": request.GET.get("akun", "")[:500]}
    form = ReportAccount(request.POST or None, initial=start)
    if request.method == "POST":
        if not (may_pass(REPORTS, visitor(request)) and may_pass(ALL_REPORTS, "")):
            return shown(request, "portal/too_often.html", institution, status=429)
        if form.is_valid() and tried(form, report_false_account, institution):
            return shown(request, "portal/reported.html", institution)
    status = 422 if form.errors else 200
    return shown(request, "portal/report.html", institution, status=status, form=form)


@require_safe
def verify_for_machines(request: HttpRequest) -> HttpResponse:
    """GET /api/v1/verify?account=…[&channel=…][&id=…]: the owner, or 404, or since when not."""
    if not may_pass(QUESTIONS, visitor(request)):
        answer = JsonResponse({"error": "too_often", "detail": _("Ask again in a minute.")})
        answer.status_code, answer.headers["Retry-After"] = 429, "60"
        return _open_to_all(answer)
    asked = request.GET.get("account", "").strip()
    if not asked:
        said = {"error": "no_account", "detail": _("Say which: ?account=https://… or @name.")}
        return _open_to_all(JsonResponse(said, status=400))
    channel, identity = (request.GET.get(name, "")[:200] for name in ("channel", "id"))
    found = verify(asked[:500], channel=channel, user_id=identity)
    said = official.told_machines(asked[:500], found)
    return _open_to_all(JsonResponse(said, status=200 if found.is_ours else 404))


@public_page
def signed_list(request: HttpRequest) -> HttpResponse:
    """/.well-known/official-accounts.json: every account, signed, to be checked offline."""
    return JsonResponse(signing.sign(official.document(request)))


@public_page
def signing_key(request: HttpRequest) -> HttpResponse:
    """/.well-known/balai-signing-key.pem: by which the signed list is checked."""
    return HttpResponse(signing.public_key_pem(), content_type="application/x-pem-file")


@public_page
def list_schema(request: HttpRequest) -> HttpResponse:
    """The shape of the signed list, as a JSON Schema."""
    return JsonResponse(official.schema(), content_type="application/schema+json")


def _open_to_all(answer: HttpResponse) -> HttpResponse:
    """Any page of any site may ask: there is nothing of one reader in it."""
    answer.headers["Access-Control-Allow-Origin"] = "*"
    answer.headers["Cache-Control"] = f"public, max-age={SECONDS}"
    return answer
