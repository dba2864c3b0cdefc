"""One page after another: A4 with page numbers, an outline, a title and a language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

from activities.adapters.pdf_style import QUIET, text_font

MARGIN = 42
FOOTER = 24
WIDTH = 511.0  # A4 less margins, in points
OUTLINED = {"heading": 0, "subheading": 1}


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a document says of itself, and what stands below each page."""

    title: str
    subject: str
    foot: str


def set_pages(imprint: Imprint, story: Callable[[], Iterable[Flowable]]) -> bytes:
    """The whole document, set twice: the first time tells how many pages there are. `story` gives it anew each time."""
    _, total = _set(imprint, story, 0)
    document, _ = _set(imprint, story, total)
    return document


def _set(imprint: Imprint, story: Callable[[], Iterable[Flowable]], total: int) -> tuple[bytes, int]:
    text_font()
    target = BytesIO()
    paper = _Paper(target, imprint, total)
    paper.build(list(story()))
    return target.getvalue(), paper.page


class _Paper(BaseDocTemplate):
    def __init__(self, target: BytesIO, imprint: Imprint, total: int) -> None:
        super().__init__(
            target,
            pagesize=A4,
            leftMargin=MARGIN,
            rightMargin=MARGIN,
            topMargin=MARGIN,
            bottomMargin=MARGIN,
            title=imprint.title,
            author="ProctorWise",
            subject=imprint.subject,
            creator="ProctorWise",
            lang="en",
            displayDocTitle=True,
            invariant=True,
            initialFontName=text_font(),
        )
        frame = Frame(MARGIN, MARGIN + FOOTER, A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN - FOOTER, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate("page", [frame], onPageEnd=self._draw_footer))
        self._foot, self._total = imprint.foot, total
        self._headings = 0

    def afterFlowable(self, flowable: Flowable) -> None:  # noqa: N802 - reportlab's name
        """Headings make the outline, which readers and screen readers walk along."""
        if not isinstance(flowable, Paragraph) or flowable.style.name not in OUTLINED:
            return
        key = f"heading-{self._headings}"
        self._headings += 1
        self.canv.bookmarkPage(key)
        self.canv.addOutlineEntry(flowable.getPlainText(), key, OUTLINED[flowable.style.name])

    def _draw_footer(self, canvas: Canvas, paper: BaseDocTemplate) -> None:
        canvas.setFont(text_font(), 8)
        canvas.setFillColor(QUIET)
        canvas.drawString(MARGIN, MARGIN, self._foot)
        canvas.drawRightString(A4[0] - MARGIN, MARGIN, f"Page {paper.page} of {self._total}")
