"""The parts of an issue that are kept in step, one module for each kind of slot."""
