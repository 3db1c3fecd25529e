"""Web pages to look at the site, to act as one of its users, and to turn the machine."""
