"""My time as its pages show it: what is asked, the week's grid, the day's axis, the month."""
