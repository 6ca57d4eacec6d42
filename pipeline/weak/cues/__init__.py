"""The cue language: tokens, inflection, matching of cues, and the scope they stand in."""
