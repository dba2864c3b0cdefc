"""The pages of an attempt's report."""

from activities.adapters.pdf_page import Imprint, set_pages
from activities.adapters.pdf_section import Sections
from schema.dossier import Dossier, Pictures


def document_of(dossier: Dossier, pictures: Pictures, identity: bytes | None) -> bytes:
    """The whole document."""
    imprint = Imprint(
        title=f"Report: {dossier.exam_title}, attempt {dossier.attempt_id}",
        subject="Report of an exam attempt",
        foot=f"ProctorWise, attempt {dossier.attempt_id}",
    )
    return set_pages(imprint, lambda: Sections(dossier, pictures, identity).all())
