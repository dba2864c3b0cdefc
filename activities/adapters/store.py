"""Opens the object store that the settings name, for every process alike."""

from datetime import timedelta

from activities.adapters.files import FileStore
from activities.ports import ObjectStore
from schema.settings import Settings


def open_store(settings: Settings, patience: timedelta | None = None) -> ObjectStore:
    """Local files, or HDFS, whose client is loaded only then.

    `patience` is how long a write waits for an HDFS that is away before it fails with UNAVAILABLE.
    """
    if settings.use_local_storage:
        return FileStore(settings.lake_dir)
    from activities.adapters.hdfs import PATIENCE, HdfsStore

    return HdfsStore(settings.hdfs_url, settings.hdfs_user, settings.hdfs_root, patience=patience or PATIENCE)
