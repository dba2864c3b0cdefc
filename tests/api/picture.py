"""A small real JPEG, and ways to break one."""

import io

from PIL import Image


def jpeg(width: int = 64, height: int = 48) -> bytes:
    """A grey picture."""
    file = io.BytesIO()
    Image.new("RGB", (width, height), (90, 90, 90)).save(file, "JPEG")
    return file.getvalue()
