"""Opens the object store that the settings name, for requests that somebody waits for."""

from datetime import timedelta

from activities.adapters import store
from activities.ports import ObjectStore
from schema.settings import Settings

PATIENCE = timedelta(seconds=10)


def open_store(settings: Settings) -> ObjectStore:
    """Where it is away for longer than a person waits, a write fails with 503."""
    return store.open_store(settings, PATIENCE)
