"""Looks at each configured part by the product's own settings, and says in words what is wrong and what to do."""
