"""How results are printed: one JSON object per line, rounded for reading."""

import json
import os
import statistics
from collections.abc import Sequence


def tell(name: str, **facts: object) -> None:
    """Print one result, with the database it was measured on."""
    line = {"bench": name, "database": os.environ["BENCH_DATABASE"], **facts}
    print(json.dumps({key: _rounded(value) for key, value in line.items()}), flush=True)


def percentile(values: Sequence[float], hundredth: int) -> float:
    """The value that so many of a hundred do not exceed."""
    return statistics.quantiles(values, n=100, method="inclusive")[hundredth - 1]


def milliseconds(seconds: float) -> float:
    """Seconds, as people compare latencies."""
    return seconds * 1000


def _rounded(value: object) -> object:
    return float(f"{value:.3g}") if isinstance(value, float) else value
