"""How each head is made, one file a task. Words: recipe, set, head, pack.

A recipe names its sets and trains one head from them; adding a head is adding a file and a line
here. Never imported by serving.
"""

from balai.understanding.fitting import Recipe
from balai.understanding.recipes.abuse import ABUSE, ABUSE_DETAILS, ABUSE_REGIONAL
from balai.understanding.recipes.complaint import COMPLAINT
from balai.understanding.recipes.emotion import EMOTION
from balai.understanding.recipes.flood import FLOOD
from balai.understanding.recipes.intent import INTENT
from balai.understanding.recipes.language import LANGUAGE
from balai.understanding.recipes.routing import AGENCY, TOPIC
from balai.understanding.recipes.sentiment import SENTIMENT
from balai.understanding.recipes.urgency import URGENCY

RECIPES: tuple[Recipe, ...] = (
    LANGUAGE, SENTIMENT, EMOTION, INTENT, URGENCY,
    ABUSE, ABUSE_REGIONAL, ABUSE_DETAILS, FLOOD, COMPLAINT, AGENCY, TOPIC,
)  # fmt: skip
