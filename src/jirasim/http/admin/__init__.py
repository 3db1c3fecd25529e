"""`/_sim`: what a test may do to the simulator and ask of it."""
