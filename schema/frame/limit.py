"""How large a frame may be: the settings' limits, and the most that settings can ever allow."""

from schema.frame.jpeg import JpegLimits
from schema.settings import LARGEST_FRAME, LONGEST_SIDE, MOST_FRAME_BYTES, Settings

# Whatever an API node took under its settings, every process that decodes can read.
READABLE = JpegLimits(MOST_FRAME_BYTES, LARGEST_FRAME, LONGEST_SIDE, shortest_side=16, is_upright=True)


def frame_limits(settings: Settings) -> JpegLimits:
    """What this installation takes."""
    return JpegLimits(
        settings.max_frame_bytes,
        settings.max_frame_pixels,
        settings.max_frame_side,
        settings.min_frame_side,
        is_upright=True,
    )
