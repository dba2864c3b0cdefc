"""Sittings as people see them: what a result shows, which one counts, and a further one."""
