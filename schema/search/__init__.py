"""What is found by what people type."""
