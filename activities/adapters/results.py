"""Result lists as CSV by pandas: exact decimals, and no cell that a spreadsheet would run as a formula."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from schema.dossier import Dossier, DossierIncident, DossierItem
from schema.exam_result import ExamResult

# OWASP, CSV Injection: what makes a spreadsheet take a cell for a formula, in both widths.
STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")

RESULT_COLUMNS = (
    "attempt_id", "exam_id", "exam_version", "student_id", "round", "question_id", "question",
    "earned", "points", "marked_by", "explanation", "comments",
)  # fmt: skip
ANOMALY_COLUMNS = (
    "attempt_id", "exam_id", "student_id", "incident_id", "kind", "severity", "started_at", "ended_at",
    "confidence", "rule", "model", "ruling", "ruling_reason",
)  # fmt: skip

Cell = str | int | float | bool | Decimal | datetime | None


class CsvTables:
    """A TablePrinter."""

    def results(self, dossier: Dossier) -> bytes:
        """One line per round and question, in the exam's order."""
        return csv_of(RESULT_COLUMNS, [_result_line(dossier, item) for item in dossier.items])

    def anomalies(self, dossier: Dossier) -> bytes:
        """One line per incident, by start."""
        return csv_of(ANOMALY_COLUMNS, [_anomaly_line(dossier, one) for one in dossier.incidents])


def exam_results(lines: Sequence[ExamResult]) -> bytes:
    """An exam's list of results, one line per attempt."""
    columns = [field.name for field in fields(ExamResult)]
    return csv_of(columns, [{name: _plain(getattr(line, name)) for name in columns} for line in lines])


def csv_of(columns: Sequence[str], lines: Sequence[Mapping[str, Cell]]) -> bytes:
    """UTF-8, comma, CRLF (RFC 4180), a heading line even without lines; missing cells are empty."""
    # pandas takes a second and 60 MB to load, which only a process that writes lists should pay.
    import pandas as pd

    cells = [[_cell(line.get(column)) for column in columns] for line in lines]
    frame = pd.DataFrame(cells, columns=list(columns), dtype="object")
    return frame.to_csv(index=False, lineterminator="\r\n").encode()


def _plain(value: Cell | UUID) -> Cell:
    return str(value) if isinstance(value, UUID) else value


def _cell(value: Cell) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return f"'{value}" if value.startswith(STARTS_A_FORMULA) else value
    return str(value)


def _result_line(dossier: Dossier, item: DossierItem) -> Mapping[str, Cell]:
    return {
        "attempt_id": str(dossier.attempt_id),
        "exam_id": str(dossier.exam_id),
        "exam_version": dossier.exam_version,
        "student_id": str(dossier.student_id),
        "round": item.round_number,
        "question_id": str(item.question_id),
        "question": item.title,
        "earned": item.earned,
        "points": item.points,
        "marked_by": item.marked_by,
        "explanation": item.explanation,
        "comments": " | ".join(item.comments),
    }


def _anomaly_line(dossier: Dossier, one: DossierIncident) -> Mapping[str, Cell]:
    incident = one.incident
    return {
        "attempt_id": str(dossier.attempt_id),
        "exam_id": str(dossier.exam_id),
        "student_id": str(dossier.student_id),
        "incident_id": str(incident.incident_id),
        "kind": incident.kind.value,
        "severity": incident.severity.value,
        "started_at": incident.started_at,
        "ended_at": incident.ended_at,
        "confidence": incident.confidence,
        "rule": incident.rule,
        "model": incident.model,
        "ruling": one.ruling,
        "ruling_reason": one.ruling_reason,
    }
