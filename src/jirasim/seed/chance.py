"""The only source of chance in the seed."""

import random


def seeded(seed: int, what: str) -> random.Random:
    """The same sequence for the same seed and purpose, in every process."""
    return random.Random(f"{seed}/{what}")  # predictable on purpose
