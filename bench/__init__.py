"""Benchmarks: what is promised, counted or measured beside a baseline in the same run.

Each module measures one thing and prints one JSON object per line.  Nothing here fails for being
slow: machines differ, so read the ratios.
"""
