"""A student who may send anything, the honest twin, and what is compared between them."""
