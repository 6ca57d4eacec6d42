"""What ships trained."""
