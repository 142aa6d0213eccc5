"""Which words of a text name a place or a person: a small linear-chain model served from NumPy.

Words: token, label, emission, path. Stands on: shapes. What a word says about itself and about its
neighbours is summed once and remembered, so that a text costs a few table look-ups a word.
"""
