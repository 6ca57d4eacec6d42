"""Models that combine votes into soft labels, and the choice among them."""
