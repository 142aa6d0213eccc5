"""Surveys: how satisfied citizens are, in the State's own measure (SKM), exact to the digit.

Words: instrument, element, response, computation, follow-up. Stands on: inbox, channels,
governance, people, ground.
Elements are data, figures are exact fractions; below the sample size nothing is called more than
indicative.
"""
