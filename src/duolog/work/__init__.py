"""The durable work row: mark, claim, finish.  Knows neither connections nor sync."""
