"""Starts jirasim beside Duolog and seeds both sides.  The only importer of jirasim."""
