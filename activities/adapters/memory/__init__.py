"""The in-memory twins of the ports; each passes the same contract suite as its adapter over the databases."""
