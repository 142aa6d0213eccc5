"""The public pages: translate HTTP to one read and back."""
