"""The law of a case as arithmetic: its life, its clocks, where it goes. No database, no Django."""
