"""The command line, `stance`."""
