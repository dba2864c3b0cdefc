"""Opens the object store that the settings name."""

from activities.ports import ObjectStore
from schema.settings import Settings


def open_store(settings: Settings) -> ObjectStore:
    """The lake's folder on this machine."""
    from activities.adapters.files import FileStore

    return FileStore(settings.lake_dir)
