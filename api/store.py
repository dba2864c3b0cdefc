"""Opens the object store that the settings name."""

from activities.adapters.files import FileStore
from activities.ports import ObjectStore
from schema.settings import Settings


def open_store(settings: Settings) -> ObjectStore:
    """The lake's folder on this machine."""
    return FileStore(settings.lake_dir)
