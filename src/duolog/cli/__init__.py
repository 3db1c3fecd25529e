"""The command line: prints and exits, nothing else."""
