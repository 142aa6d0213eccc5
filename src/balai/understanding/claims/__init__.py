"""Known claims: which of them a message repeats; and which messages are near twins.

index = Claims([Claim(id="7", text="Air garam menyembuhkan demam berdarah")])
index.match(["katanya air garam bisa sembuhkan demam berdarah?"])
save(index, folder); load(folder)
Twins().meet(keys, texts)
"""

from balai.understanding.claims.index import Claims, Copy
from balai.understanding.claims.keeping import BrokenIndexError, card_of, load, save
from balai.understanding.claims.ranker import BrokenRankerError, Ranker, load_ranker
from balai.understanding.claims.shelf import Claim
from balai.understanding.claims.twins import Twins

__all__ = [
    "BrokenIndexError", "BrokenRankerError", "Claim", "Claims", "Copy", "Ranker", "Twins",
    "card_of", "load", "load_ranker", "save",
]  # fmt: skip
