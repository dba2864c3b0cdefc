"""Time that people give: what was asked, what was added, and why less."""
