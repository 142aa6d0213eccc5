"""Desk: how a team shares the work: teams, shifts, absence, rules that act, hooks that tell.

Words: team, shift, absence, deputy, capacity, rule, run, webhook. Stands on: inbox, people,
governance, ground.
It decides who and when, and commands the inbox to do it; a rule never answers what a rule has
said.
"""
