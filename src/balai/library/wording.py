"""The library's codes in words for a person. Nothing is decided here."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

VARIABLE_NAMES: dict[str, Words] = {
    "nama": _("the citizen's name, when the identity is open; else “Bapak/Ibu”"),
    "nomor": _("the number of the conversation"),
    "unit": _("the unit that has it in hand"),
    "tenggat": _("when our answer is due"),
    "instansi": _("the name of the institution"),
    "petugas": _("the name of whoever answers"),
    "kanal": _("the line on which the citizen wrote"),
}
LOOKS = {"draft": "soon", "in_force": "ok", "retired": "outline"}
DEEDS: dict[str, Words] = {
    "article.written": _("Written"),
    "article.approved": _("Approved and in force"),
    "article.returned": _("Draft dropped"),
    "article.retired": _("Retired"),
    "article.reviewed": _("Looked at again"),
}
