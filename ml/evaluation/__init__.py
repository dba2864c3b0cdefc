"""How well the detectors and the rules see: precision, recall and false incidents over pictures and streams."""
