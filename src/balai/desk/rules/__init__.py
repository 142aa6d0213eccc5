"""How a desk shares its work, as arithmetic: no Django, no database."""
