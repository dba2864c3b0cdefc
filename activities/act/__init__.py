"""Acts of people on attempts that were begun, until they are in the audit log or known not to have happened."""
