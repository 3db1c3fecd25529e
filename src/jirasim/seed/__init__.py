"""A site made from a seed number: the same number, the same people, tokens and issues."""

from jirasim.seed.site import make_state

__all__ = ["make_state"]
