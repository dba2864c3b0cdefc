"""From a frame to an incident: detectors, the pure incident engine and what ties them together."""
