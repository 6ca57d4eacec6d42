"""What ships trained: the model (`stance ship` puts it here), and the adapter of the reader."""
