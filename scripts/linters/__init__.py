"""House rules as checks over syntax trees: one module a rule, each with `check(root)`."""
