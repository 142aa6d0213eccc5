"""The public web form on our own site."""

from balai.channels.own_page import OwnPage


class WebForm(OwnPage):
    """Where anybody writes to the office without an account."""

    slug = "webform"
    label = "Formulir web"
    kinds = frozenset({"form"})
