"""Brings one link in step, and sees it through its life: moved, ended, gone on with."""
