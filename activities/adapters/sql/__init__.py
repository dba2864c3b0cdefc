"""The ports over the six schemas, one class per port; each method is one transaction."""
