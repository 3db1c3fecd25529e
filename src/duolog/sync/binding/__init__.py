"""What people do about bindings: propose, preview, bind, rule, pause and stop."""
