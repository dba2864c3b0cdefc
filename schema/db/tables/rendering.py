"""What published versions look like; in the schema `_reservations`, beside the exams."""

from sqlalchemy.orm import Mapped, mapped_column

from schema.db.column import Document, Id
from schema.db.tables.reservations import ReservationsTable


class ExamRendering(ReservationsTable):
    """The texts of one published version as HTML, by what they are (api/rendering.py)."""

    __tablename__ = "exam_rendering"
    exam_id: Mapped[Id]
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    html: Mapped[Document]
