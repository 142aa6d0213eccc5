"""Analytics: what the office's work amounts to, day by day, in figures that anybody can recount.

Words: measure, dimension, contribution, rollup, formula. Stands on: inbox, channels, governance,
people, ground. It reads and counts, and decides nothing. Each conversation adds its part to the day
on which the citizen first spoke; what happens to it later changes that part, never the past's rows
of others. Formulas are numbered; a figure without enough cases is not a figure.
"""
