"""My time: one module for each kind of page, and for what is done there."""
