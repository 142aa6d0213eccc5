"""The interface for programs: every call is a member's act through the same verbs as the pages."""
