"""Ground: events, the log of batches, http, clock, encrypted fields, the worker.

Words: announcement, log, lease, beat. Stands on: nothing.
Everything may stand on it; it knows no word of the domain, no institution, no citizen.
"""
