"""What people still do to an attempt after its end: accept late answers, reopen it."""
