"""Agreement, opposition and neutrality between parties in news text, sentence by sentence."""

from typing import Any

__version__ = "0.1.0"

__all__ = ["__version__", "load_model"]


def __getattr__(name: str) -> Any:
    """Import what is asked for when it is asked for: `import pipeline` must not pay for numpy."""
    if name == "load_model":
        from pipeline.model.artefact import load_model

        return load_model
    raise AttributeError(f"module 'pipeline' has no attribute {name!r}")
