"""Which rules and which models a new attempt is frozen to; raised whenever their results may change."""

RULES_VERSION = "rules-3"

VERSION_FILE = "version.txt"  # in MODELS_DIR: names, versions and hashes of the models, one line
UNKNOWN_MODELS = "unknown: `make models` has not run here"
