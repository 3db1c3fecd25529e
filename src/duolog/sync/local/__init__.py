"""The parts of a work item that are kept in step, one module for each kind of slot."""
