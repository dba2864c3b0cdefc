"""One page after another: A4 with page numbers, an outline, a title and a language."""

from io import BytesIO

from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import BaseDocTemplate, Flowable, Frame, PageTemplate, Paragraph

from activities.adapters.pdf_section import Sections
from activities.adapters.pdf_style import QUIET, text_font
from schema.dossier import Dossier, Pictures

MARGIN = 42
FOOTER = 24
OUTLINED = {"heading": 0, "subheading": 1}


def document_of(dossier: Dossier, pictures: Pictures, identity: bytes | None) -> bytes:
    """The whole document, set twice: the first time tells how many pages there are."""
    _, total = _set(dossier, pictures, identity, 0)
    document, _ = _set(dossier, pictures, identity, total)
    return document


def _set(dossier: Dossier, pictures: Pictures, identity: bytes | None, total: int) -> tuple[bytes, int]:
    text_font()
    target = BytesIO()
    paper = _Paper(target, dossier, total)
    paper.build(list(Sections(dossier, pictures, identity).all()))
    return target.getvalue(), paper.page


class _Paper(BaseDocTemplate):
    def __init__(self, target: BytesIO, dossier: Dossier, total: int) -> None:
        super().__init__(
            target,
            pagesize=A4,
            leftMargin=MARGIN,
            rightMargin=MARGIN,
            topMargin=MARGIN,
            bottomMargin=MARGIN,
            title=f"Report: {dossier.exam_title}, attempt {dossier.attempt_id}",
            author="ProctorWise",
            subject="Report of an exam attempt",
            creator="ProctorWise",
            lang="en",
            displayDocTitle=True,
            invariant=True,
            initialFontName=text_font(),
        )
        frame = Frame(MARGIN, MARGIN + FOOTER, A4[0] - 2 * MARGIN, A4[1] - 2 * MARGIN - FOOTER, 0, 0, 0, 0)
        self.addPageTemplates(PageTemplate("page", [frame], onPageEnd=self._draw_footer))
        self._attempt, self._total = dossier.attempt_id, total
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
        canvas.drawString(MARGIN, MARGIN, f"ProctorWise, attempt {self._attempt}")
        canvas.drawRightString(A4[0] - MARGIN, MARGIN, f"Page {paper.page} of {self._total}")
