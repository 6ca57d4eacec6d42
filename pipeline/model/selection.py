"""How training chooses among classifiers: on held-out articles, the more regularised one, and in words."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from pipeline.base.calibration import error_by_article, fit_temperature, log_losses, softmax
from pipeline.base.stances import UNLABELED
from pipeline.model.confidence import ENOUGH

_SHOWN = 5  # runners-up
_ROUND = 4  # decimals: more would show what processors differ in


def compare(
    candidates: Sequence[Mapping[str, Any]],
    held_out: Sequence[np.ndarray],
    targets: np.ndarray,
    gold: np.ndarray,
    articles: np.ndarray,
) -> list[dict[str, Any]]:
    """Compare candidates by what they say of held-out articles, on gold where there is enough, else on soft labels.

    `candidates`: parameters of each, the most regularised first; `held_out`: scores (n, 3) of each; `targets` (n, 3);
    `gold` and `articles` (n,). Returned is for each `params`, `log_loss` at the temperature that suits it best and its
    `standard_error` by article, `accuracy`, `rows`, `on` ("gold" or "soft labels") and `chosen`.

    Chosen is the first whose loss is within one standard error of the lowest (Breiman et al., 1984), the error being
    that of the difference: what these articles hardly tell apart is decided for the simpler model.
    """
    at = np.flatnonzero(gold != UNLABELED)
    on = "gold" if len(at) >= ENOUGH else "soft labels"
    at = at if len(at) >= ENOUGH else np.arange(len(gold))
    judged = targets[at] if on == "soft labels" else np.eye(targets.shape[1])[gold[at]]
    losses = [log_losses(softmax(s[at] / fit_temperature(s[at], judged)), judged) for s in held_out]
    best = int(np.argmin([round(float(loss.mean()), _ROUND) for loss in losses]))
    found = []
    for params, scores, loss in zip(candidates, held_out, losses, strict=True):
        right = float((scores[at].argmax(axis=1) == judged.argmax(axis=1)).mean())
        figures = {"log_loss": loss.mean(), "standard_error": error_by_article(loss, articles[at]), "accuracy": right}
        rounded = {name: round(float(figure), _ROUND) for name, figure in figures.items()}
        found.append({"params": dict(params), **rounded, "on": on, "rows": len(at), "chosen": False})
    for one, loss in zip(found, losses, strict=True):
        behind = loss - losses[best]
        if round(float(behind.mean()), _ROUND) <= round(error_by_article(behind, articles[at]), _ROUND):
            one["chosen"] = True
            break
    return found


def in_words(compared: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    """Write out the chosen candidate, and the best of the others ('' where there was no choice), with their losses."""
    chosen = next(one for one in compared if one["chosen"])
    lowest = min(one["log_loss"] for one in compared)
    why = "; the simplest within one standard error of the lowest" if chosen["log_loss"] > lowest else ""
    others = sorted((one for one in compared if one is not chosen), key=lambda one: one["log_loss"])[:_SHOWN]
    where = f"on {chosen['rows']} sentences of held-out articles, judged by {chosen['on']}"
    return f"{_said(chosen)}, {where}{why}", "; ".join(map(_said, others))


def _said(one: Mapping[str, Any]) -> str:
    params = ", ".join(f"{name}={value}" for name, value in one["params"].items()) or "as given"
    return f"{params}: log-loss {one['log_loss']:.4f} (standard error {one['standard_error']:.4f})"
