"""How much of an attempt was watched: what the detector accounts for, and the figure with its causes."""
