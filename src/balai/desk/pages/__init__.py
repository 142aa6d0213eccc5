"""What the pages of the desk show, gathered and put into words."""
