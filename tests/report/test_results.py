"""Result lists, read back exactly as a spreadsheet or another program would."""

import csv
import dataclasses
from decimal import Decimal
from io import StringIO

import pytest

from activities.adapters.results import CsvTables, csv_of, exam_results
from schema.exam_result import ExamResult
from schema.ids import new_id
from tests.report.builder import BEGIN, never_sat, sat


def lines_of(document: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(StringIO(document.decode("utf-8"), newline="")))


def test_results_keep_every_decimal() -> None:
    dossier = sat()

    lines = lines_of(CsvTables().results(dossier))

    assert [(line["earned"], line["points"]) for line in lines] == [("1.50", "2"), ("1.00", "2")]
    assert lines[1]["comments"] == "Argument: Clear."
    assert lines[0]["question_id"] == str(dossier.items[0].question_id)
    assert lines[0]["explanation"] == "You chose “A”."


def test_an_item_without_a_mark_is_empty_not_zero() -> None:
    dossier = sat()
    waiting = dataclasses.replace(dossier.items[0], earned=None)

    lines = lines_of(CsvTables().results(dataclasses.replace(dossier, items=(waiting,))))

    assert lines[0]["earned"] == ""


def test_anomalies_have_a_line_each() -> None:
    dossier = sat()

    lines = lines_of(CsvTables().anomalies(dossier))

    assert [line["kind"] for line in lines] == ["face_absent", "multiple_faces"]
    assert lines[0]["started_at"] == "2027-01-11T09:10:00+00:00"
    assert lines[0]["confidence"] == "0.93"
    assert (lines[0]["ruling"], lines[1]["ruling"]) == ("explained", "")


def test_no_lines_still_have_a_heading() -> None:
    document = CsvTables().anomalies(never_sat())

    assert document.startswith(b"attempt_id,exam_id,student_id,incident_id,kind,severity,")
    assert lines_of(document) == []


@pytest.mark.parametrize("evil", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1"])
def test_no_cell_is_a_formula(evil: str) -> None:
    assert lines_of(csv_of(["cell"], [{"cell": evil}])) == [{"cell": f"'{evil}"}]


def test_quotes_commas_and_lines_survive() -> None:
    text = 'She said "no, never"\nand left; ünïcödé'

    assert lines_of(csv_of(["cell", "next"], [{"cell": text, "next": "x"}])) == [{"cell": text, "next": "x"}]


def test_a_negative_mark_stays_a_number() -> None:
    assert lines_of(csv_of(["earned"], [{"earned": Decimal("-0.50")}])) == [{"earned": "-0.50"}]


def test_an_exam_has_a_line_per_attempt() -> None:
    line = ExamResult(
        new_id(), new_id(), "S-1", "=cmd", "submitted", "none", "released", 2, BEGIN, BEGIN, 1,
        Decimal("2.50"), Decimal("4"), Decimal("62.5"), True, 2, 11.2,
    )  # fmt: skip

    lines = lines_of(exam_results([line, dataclasses.replace(line, earned=None, passed=None)]))

    assert lines[0]["student_name"] == "'=cmd"
    assert (lines[0]["earned"], lines[0]["percent"], lines[0]["passed"]) == ("2.50", "62.5", "true")
    assert (lines[1]["earned"], lines[1]["passed"]) == ("", "")
