"""What citizens say at the counter, on the telephone or in a letter, written down by an officer."""

from balai.channels.own_page import OwnPage


class Counter(OwnPage):
    """Paper, voice and the walk to the office share one inbox with everything else (R50)."""

    slug = "counter"
    label = "Loket, telepon, dan surat"
    kinds = frozenset({"counter", "phone", "letter"})
