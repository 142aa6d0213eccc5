"""Readiness: where the institution falls short of Sharing, Transparency, Openness, Collaboration.

Words: index, indicator, component, level, evidence, assessment, action. Stands on: analytics,
governance, people, ground.
Figures are computed from operations and nobody overrides them; what is not known is said to be
unknown.
"""
