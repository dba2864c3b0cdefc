"""Which rules and which models a new attempt is frozen to; raised whenever their results may change."""

RULES_VERSION = "rules-1"
MODEL_VERSION = "faces-full-range-sparse+yolo11n"
