"""JSON in and out.  Reads the site, never changes it."""
