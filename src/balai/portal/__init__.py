"""Portal: the public face: what was asked and answered, which accounts are real, open figures.

Words: page, series, block, verification, key. Stands on: every room.
It reads only, shows nobody's personal data, and says "not known" where nothing is known.
"""
