"""What we wrote and labelled ourselves: intent, urgency, abuse, criticism, and where we still fail.

No public set labels what a citizen wants of an office, or how urgent it is, in the languages of
Indonesia. `CODEBOOK.md` says what the labels mean; `labelled` reads the sets; `forms` maps the
intents to the kinds of a complaint form; `failing` shows the known failure classes. Sets and
codebook are CC0 1.0: no rights reserved.
"""
