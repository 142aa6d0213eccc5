"""The channels that exist: the explicit list, and the only file that opens a provider."""

from collections.abc import Mapping

from balai.channels.contract import Connector
from balai.channels.providers.bluesky.connector import Bluesky
from balai.channels.providers.counter.connector import Counter
from balai.channels.providers.email.connector import Email
from balai.channels.providers.feed.connector import Feed
from balai.channels.providers.file.connector import File
from balai.channels.providers.helloworld.connector import HelloWorld
from balai.channels.providers.mastodon.connector import Mastodon
from balai.channels.providers.sms.connector import Sms
from balai.channels.providers.telegram.connector import Telegram
from balai.channels.providers.webform.connector import WebForm

CONNECTORS: Mapping[str, type[Connector]] = {
    connector.slug: connector
    for connector in (
        Bluesky,
        Mastodon,
        Telegram,
        Sms,
        Email,
        WebForm,
        Counter,
        Feed,
        File,
        HelloWorld,
    )
}
