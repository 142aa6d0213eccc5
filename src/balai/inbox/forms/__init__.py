"""Forms of the inbox: they check what somebody typed, and save nothing."""
