"""Activities: one class per subject, over small ports; adapters fill the ports."""
