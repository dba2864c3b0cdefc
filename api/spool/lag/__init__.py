"""What of this node's records waits for analysis."""
