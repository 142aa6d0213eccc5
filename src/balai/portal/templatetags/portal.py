"""Filters that put public figures into words: {% load portal %}."""

from django import template

from balai.portal import wording

register = template.Library()
register.filter("count_words", wording.count_words)
register.filter("percent_words", wording.percent_words)
register.filter("time_words", wording.time_words)
