"""Prints a bulletin as a PDF."""

from schema.bulletin import Bulletin


def print_bulletin(bulletin: Bulletin) -> bytes:
    """The whole document, A4. Takes a second or so: call it in a thread. The same input gives the same bytes."""
    # reportlab and its fonts are loaded by the process that prints, not by all that know how to.
    from activities.adapters.pdf_bulletin import bulletin_of

    return bulletin_of(bulletin)
