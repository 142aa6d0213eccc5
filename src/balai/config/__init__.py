"""Config: the roof. Settings, urls, who hears what (switchboard), what happens when (timetable).

Words: switchboard, timetable, supervisor, bench. Stands on: every room.
Here rooms are introduced to each other with plain values; no rule of the domain lives here.
"""
