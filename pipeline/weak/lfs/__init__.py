"""Labeling functions (LFs) and their votes: loading, casting, and the LFs that ship."""
