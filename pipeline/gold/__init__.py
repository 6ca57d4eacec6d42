"""Hand labels: reading and adding them, annotation sheets, and which sentences to label next."""
