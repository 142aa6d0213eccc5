"""Forms of channels: made from what a connector asks; they check, and save nothing."""

from typing import Any

from django import forms
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from balai.channels.catalogue import CONNECTORS
from balai.channels.contract import Ask
from balai.people.models import Institution
from balai.registry.models import OfficialAccount

# What connectors ask, in words to translate: a connector knows no Django and cannot mark them.
WORDS_OF_CONNECTORS = (
    gettext_noop("Access token"),
    gettext_noop("Address"),
    gettext_noop("Address of the feed"),
    gettext_noop("App password"),
    gettext_noop("Another one only if you run it"),
    gettext_noop("Bot API server"),
    gettext_noop("Channel of the office"),
    gettext_noop("Display name"),
    gettext_noop("Folder"),
    gettext_noop("Handle"),
    gettext_noop("IMAP password"),
    gettext_noop("IMAP port"),
    gettext_noop("IMAP security"),
    gettext_noop("IMAP server"),
    gettext_noop("IMAP user"),
    gettext_noop("SMTP password"),
    gettext_noop("SMTP port"),
    gettext_noop("SMTP security"),
    gettext_noop("SMTP server"),
    gettext_noop("SMTP user"),
    gettext_noop("Only articles with these words"),
    gettext_noop("Server"),
    gettext_noop("For example kota.bsky.social or kota.go.id"),
    gettext_noop("For example @kota"),
    gettext_noop("From @BotFather"),
    gettext_noop("Token of the bot"),
    gettext_noop("Way in"),
    gettext_noop("webhook, or polling where Telegram cannot call this server"),
    gettext_noop("For example mastodon.social or sosial.kota.go.id"),
    gettext_noop("Preferences, Development, New application"),
    gettext_noop("Address of sendsms"),
    gettext_noop("Price of one SMS"),
    gettext_noop("With its currency, for example 350 IDR; shown to whoever answers"),
    # Why a network takes no answer (contract.ReplyRights).
    gettext_noop("This channel only brings messages."),
    gettext_noop("It came from a short code or a name; no SMS reaches those."),
    gettext_noop("User of sendsms"),
    gettext_noop("Password of sendsms"),
    gettext_noop("Number of the office"),
    gettext_noop("The gateway stands in your own house; beyond this machine only with https"),
    gettext_noop("The number or short code that citizens write to"),
    gettext_noop("RSS, Atom or JSON Feed; often named at the foot of a site"),
    gettext_noop("Separated by commas; every article when empty"),
    gettext_noop("Settings, Privacy and security"),
    gettext_noop("The server of the account"),
    gettext_noop("empty: as for IMAP"),
    gettext_noop("ssl, starttls or none; none only for a server on this machine"),
)


class ConnectForm(forms.Form):
    """Name, official account, and one field for each thing that the connector asks."""

    name = forms.CharField(
        label=_("Name in this office"),
        max_length=120,
        help_text=_("What colleagues see, for example the handle."),
    )
    account = forms.ModelChoiceField(
        OfficialAccount.objects.none(),
        label=_("Official account"),
        required=False,
        empty_label=_("Not in the registry yet"),
    )

    def __init__(self, *args: Any, channel: str, institution: Institution, **options: Any) -> None:
        super().__init__(*args, **options)
        self.asks = CONNECTORS[channel].asks
        account = self.fields["account"]
        assert isinstance(account, forms.ModelChoiceField)
        account.queryset = OfficialAccount.objects.filter(
            institution=institution, channel=channel
        ).exclude(state=OfficialAccount.State.RETIRED)
        for ask in self.asks:
            self.fields[ask.name] = _field(ask)

    def answers(self) -> dict[str, str]:
        """What was answered to what the connector asks."""
        return {ask.name: self.cleaned_data[ask.name] for ask in self.asks}


def _field(ask: Ask) -> forms.CharField:
    # A secret is never sent back to the browser: it is typed anew each time.
    widget = forms.PasswordInput if ask.secret else forms.TextInput
    return forms.CharField(
        label=gettext(ask.label),
        required=not ask.optional,
        initial=ask.default,
        help_text=gettext(ask.help) if ask.help else "",
        max_length=1_000,
        strip=not ask.secret,
        widget=widget(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
