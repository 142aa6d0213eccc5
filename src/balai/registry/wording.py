"""The registry's codes in words for a person. Nothing is decided here."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise

# Where an office may have an account. To be on record it needs no connection of ours.
CHANNELS: dict[str, Words] = {
    "mastodon": "Mastodon",
    "bluesky": "Bluesky",
    "instagram": "Instagram",
    "facebook": "Facebook",
    "x": "X (Twitter)",
    "tiktok": "TikTok",
    "youtube": "YouTube",
    "threads": "Threads",
    "whatsapp": "WhatsApp",
    "telegram": "Telegram",
    "line": "LINE",
    "linkedin": "LinkedIn",
    "email": _("E-mail"),
    "website": _("Website"),
    "webform": _("Our own form"),
    "counter": _("Counter, telephone and letters"),
    "other": _("Another channel"),
}
# How a state looks. The word always stands beside the colour.
LOOKS = {
    "requested": "info",
    "approved": "info",
    "registered": "soon",
    "verified": "ok",
    "active": "ok",
    "dormant": "neutral",
    "handover": "soon",
    "retired": "outline",
    "compromised": "danger",
    "contained": "late",
    "restored": "soon",
}
REPORT_LOOKS = {
    "reported": "soon",
    "confirmed": "danger",
    "referred": "info",
    "gone": "ok",
    "dismissed": "outline",
}
REPORT_STEPS: dict[str, Words] = {
    "confirmed": _("It is false"),
    "referred": _("Handed to the platform"),
    "gone": _("It is gone"),
    "dismissed": _("It is no false account"),
}
DEEDS: dict[str, Words] = {
    "account.requested": _("Requested"),
    "account.approved": _("Approved"),
    "account.registered": _("Written into the registry"),
    "account.verified": _("Control was shown"),
    "account.activated": _("Speaks for the institution"),
    "account.rested": _("At rest"),
    "account.handed_over": _("Handed over"),
    "account.retired": _("Closed for good"),
    "account.compromised": _("Perhaps no longer ours"),
    "account.contained": _("Damage stopped"),
    "account.restored": _("Control was shown again"),
    "account.handle_changed": _("Another handle"),
    "account.identified": _("The platform's user id became known"),
    "account.stranger_seen": _("Another user was seen behind the handle"),
}


def channel(slug: str) -> Words:
    """The name of a channel; its slug for one that this list does not know."""
    return CHANNELS.get(slug, slug)
