"""The face at check-in, for attempts whose exam compares faces; measured by each worker for itself, and never kept."""

import asyncio
import logging

from activities.ports import ObjectStore
from ml.detector import FaceDetector
from ml.identity.dlib_faces import DlibEmbedder, EmbedderMissing
from ml.identity.embedder import FaceEmbedder
from ml.identity.likeness import Likeness, NoLikeness
from schema.failures import Failure, FailureType
from schema.task import WatchTask

LOG = logging.getLogger(__name__)


class LikenessSource:
    """Reads the identity photo from the store; the network is loaded once per process, when it is first asked for."""

    def __init__(self, store: ObjectStore, embedder: FaceEmbedder | None = None) -> None:
        self._store = store
        self._embedder = embedder
        self._one_at_a_time = asyncio.Lock()

    async def of(self, watched: WatchTask, faces: FaceDetector) -> Likeness | None:
        """None where the exam does not ask for it, or where there is nothing to compare with: the log says why.

        Raises CONFLICT while the store does not answer.
        """
        if not watched.detection.other_person:
            return None
        try:
            if not watched.identity_photo:
                raise NoLikeness("no identity photo was taken")
            embedder = await self._loaded()
            photo = await self._store.get(watched.identity_photo)
            return await asyncio.to_thread(Likeness.of_photo, embedder, faces, photo)
        except (NoLikeness, EmbedderMissing) as missing:
            LOG.warning("attempt %s: faces are not compared: %s", watched.attempt_id, missing)
        except Failure as failure:
            if failure.is_retryable:  # told as detector_down, not retried unseen
                raise Failure(FailureType.CONFLICT, failure.message) from failure
            LOG.warning("attempt %s: faces are not compared: %s", watched.attempt_id, failure.message)
        return None

    async def _loaded(self) -> FaceEmbedder:
        async with self._one_at_a_time:
            if self._embedder is None:
                self._embedder = await asyncio.to_thread(DlibEmbedder)
            return self._embedder
