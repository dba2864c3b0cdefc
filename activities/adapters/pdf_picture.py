"""A picture in a report, with the boxes of what was seen drawn over it, never into it."""

from io import BytesIO

from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.platypus import Flowable

from activities.adapters.pdf_style import text_font

Box = tuple[str, float, float, float, float, float]
MARK = HexColor("#c2410c")


class Picture(Flowable):
    """A JPEG at `width` points; boxes are fractions of the picture from its top left corner."""

    def __init__(self, jpeg: bytes, width: float, boxes: tuple[Box, ...] = ()) -> None:
        super().__init__()
        self._image = ImageReader(BytesIO(jpeg))
        across, down = self._image.getSize()
        self.width, self.height = width, width * down / across
        self._boxes = boxes

    def wrap(self, aW: float, aH: float) -> tuple[float, float]:  # noqa: N803 - reportlab's names
        """Its own size."""
        return self.width, self.height

    def draw(self) -> None:
        """The picture, then the boxes."""
        self.canv.drawImage(self._image, 0, 0, self.width, self.height)
        for box in self._boxes:
            self._draw_box(box)

    def _draw_box(self, box: Box) -> None:
        label, left, top, right, bottom, score = box
        x, y = left * self.width, (1 - bottom) * self.height
        self.canv.setStrokeColor(MARK)
        self.canv.setLineWidth(1)
        self.canv.rect(x, y, (right - left) * self.width, (bottom - top) * self.height)
        words = f"{label.replace('_', ' ')} {score:.2f}"
        size = 6
        high = min((1 - top) * self.height + 1, self.height - size - 1)
        self.canv.setFillColor(MARK)
        self.canv.rect(
            x, high - 1, self.canv.stringWidth(words, text_font(), size) + 3, size + 2, stroke=0, fill=1
        )
        self.canv.setFillColor(HexColor("#ffffff"))
        self.canv.setFont(text_font(), size)
        self.canv.drawString(x + 1.5, high + 0.5, words)


def picture_of(jpeg: bytes | None, width: float, boxes: tuple[Box, ...] = ()) -> Picture | None:
    """The picture, or None where there is none or it cannot be read."""
    if jpeg is None:
        return None
    try:
        return Picture(jpeg, width, boxes)
    except (OSError, ValueError, ZeroDivisionError):
        return None
