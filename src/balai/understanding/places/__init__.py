"""Places in text: the areas, streets and landmarks that a message names, and which area is meant.

Words: area, code, name, prefix, evidence, mention. Stands on: shapes, tagging. One scan over the
whole batch finds the texts that may name a place; only those are looked at closely. A name that
many areas bear is told with all the areas that it may mean.
"""
