"""An app for tests alone: its `flush`, which ends each test that commits, costs next to nothing."""
