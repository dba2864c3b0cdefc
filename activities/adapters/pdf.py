"""Sets an attempt's dossier as a PDF."""

from schema.dossier import Dossier, Pictures


class PdfReport:
    """A ReportPrinter over reportlab. The same input gives the same bytes: no clock, no random ids."""

    def print(self, dossier: Dossier, pictures: Pictures, identity: bytes | None) -> bytes:
        """The whole document, A4."""
        # reportlab and its fonts are loaded by the process that prints, not by all that know how to.
        from activities.adapters.pdf_paper import document_of

        return document_of(dossier, pictures, identity)
