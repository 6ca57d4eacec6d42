"""Labeling functions that ask a model: natural language inference, or an endpoint."""
