"""A clip as the file that Chromium plays in place of a camera: JPEGs one after the other, thirty of them a second."""

from pathlib import Path

from api.demo.film import Film

PLAYED_PER_SECOND = 30  # whatever rate an MJPEG file has


def write_film(film: Film, path: Path) -> Path:
    """Each of the film's pictures stands for a second; the browser begins anew at the end."""
    with path.open("wb") as file:
        for scene in film.scenes:
            for picture in scene.frames():
                file.write(picture * PLAYED_PER_SECOND)
    return path
