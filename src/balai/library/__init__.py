"""Library: what the office answers, written once, checked by a second person, and kept current.

Words: article, edition, wording, citation, variable, review. Stands on: governance, people, ground.
An article in force was approved by somebody who did not write it; every edition is kept. The room
knows no conversation: whoever answers takes an article from here and says that it was used.
"""
