"""Reading GIFT files that are wrong: every problem by line and column, and nothing else."""

import time
from pathlib import Path

import pytest

from schema.gift.reader import MOST_BYTES, MOST_PROBLEMS, read_gift

DATA = Path(__file__).parent / "data"


def test_every_wrong_line_of_a_file_is_named_once() -> None:
    reading = read_gift((DATA / "broken.gift").read_bytes())

    assert reading.questions == ()
    assert [(problem.line, problem.column) for problem in reading.errors] == [
        (3, 22),
        (5, 14),
        (7, 1),
        (9, 12),
        (11, 1),
        (13, 13),
        (15, 17),
        (17, 9),
        (19, 13),
        (21, 17),
        (23, 15),
        (25, 12),
        (27, 1),
        (29, 16),
        (31, 7),
    ]


@pytest.mark.parametrize(
    ("text", "line", "column", "words"),
    [
        ("Two plus {=two =2} equals four.", 1, 11, "short answers are not imported"),
        ("Match. {=a -> b =c -> d}", 1, 9, "matching questions are not imported"),
        ("\n\nJust a text.", 3, 1, "descriptions are not imported"),
        ("What? {\n=a\n\n~b}", 1, 7, "this { is not closed"),
        ("What? {\n=a\n\n~b}", 4, 3, "this } closes nothing"),
        ("::Title {T}", 1, 1, "does not end"),
        ("How much? {#3,14}", 1, 13, "decimal comma"),
        ("How much? {#}", 1, 13, "a number is missing"),
        ("How much? {#=3:0.1 =x}", 1, 21, "'x' is not a number"),
        ("How much? {#5..1}", 1, 13, "smaller number first"),
        ("How much? {#5:-1}", 1, 13, "tolerance is negative"),
        ("How much? {#=%50%5}", 1, 13, "no number earns 100 %"),
        ("How much? {#1e999}", 1, 13, "is not a number"),
        ("Which? {~a ~b}", 1, 9, "no option is right"),
        ("Which? {~%50%a ~b =%90%c}", 1, 9, "no option earns 100 %"),
        ("Which? {~%60%a ~%60%b}", 1, 9, "add up to 120"),
        ("Which? {=a}", 1, 9, "short answers"),
        ("Which? {~%100%a}", 1, 9, "only one option"),
        ("Which? {hello =a ~b}", 1, 9, "text before the first answer"),
        ("Which? {%50 ~a =b}", 1, 9, "text before the first answer"),
        ("Which? {~%500%a =b}", 1, 10, "not a number from -100 to 100"),
        ("Which? {~%1.2.3%a =b}", 1, 10, "not a number from -100 to 100"),
        ("Which? {=a ~a}", 1, 13, "two options say the same"),
        ("Which? {=a ~#why}", 1, 13, "has no text"),
        ("Which? {perhaps}", 1, 9, "no known kind"),
        ("Which? {=a {b} ~c}", 1, 12, "inside the answers"),
        ("One {T} two {F}", 1, 13, "comes after the answers"),
        ("::T:: {T}", 1, 1, "has no text"),
        ("// only\n// comments", 1, 1, "the file has no question"),
        ("", 1, 1, "the file has no question"),
        ("Fine {T}\n\nBell \x07 {T}", 3, 6, "control character U+0007"),
        (f"::{'t' * 201}:: Long title {{T}}", 1, 3, "at most 200"),
        (f"{'x' * 20_001} {{T}}", 1, 1, "breaks a limit: text"),
        ("Which? {=" + " ~".join(str(n) for n in range(31)) + "}", 1, 9, "at most 30"),
        ("How much? {#" + " ".join(f"={n}" for n in range(21)) + "}", 1, 13, "at most 20"),
    ],
)
def test_says_where_and_what(text: str, line: int, column: int, words: str) -> None:
    reading = read_gift(text.encode())

    found = [problem for problem in reading.errors if words in problem.message]
    assert [(problem.line, problem.column) for problem in found] == [(line, column)]
    assert reading.questions == ()


@pytest.mark.parametrize(
    ("data", "line", "column", "words"),
    [
        (b"Fine {T}\n\nCaf\xe9 {T}", 3, 4, "the byte 0xE9 is not UTF-8"),
        (b"\xef\xbb\xbfCaf\xe9 {T}", 1, 4, "the byte 0xE9 is not UTF-8"),
        ("Fine {T}".encode("utf-16"), 1, 1, "is UTF-16"),
        (b"\xff", 1, 1, "not UTF-8"),
        (b"x" * (MOST_BYTES + 1), 1, 1, "at most 1048576"),
    ],
)
def test_says_what_is_wrong_with_the_bytes(data: bytes, line: int, column: int, words: str) -> None:
    (problem,) = read_gift(data).errors

    assert (problem.line, problem.column) == (line, column)
    assert words in problem.message


def test_one_wrong_question_keeps_all_others_out() -> None:
    reading = read_gift(b"Right {T}\n\nWrong {=\n\nRight {F}")

    assert reading.questions == ()
    assert len(reading.errors) == 1


def test_too_many_questions_and_too_many_errors_are_bounded() -> None:
    many = read_gift(b"Q {T}\n\n" * 1_001)
    wrong = read_gift(b"Q {\n\n" * 500)

    assert [(p.line, p.message) for p in many.errors] == [
        (2_001, "there are 1001 questions; import at most 1000 at once")
    ]
    assert len(wrong.errors) == MOST_PROBLEMS


@pytest.mark.parametrize(
    "hostile",
    [
        "Q {" + "=" * 400_000,
        "Q {" + "~%" * 300_000 + "}",
        "Q {=a ~b" + "#" * 600_000 + "}",
        "::" * 400_000,
        "\\" * 900_000,
        "Q " + "<a" * 400_000 + "{T}",
        "Q {#" + "1" * 700_000 + "}",
        "Q {#" + "." * 700_000 + "}",
        "[html]" * 150_000 + "{T}",
        "Q " + "_*`[" * 200_000 + " {T}",
        "{" * 700_000,
        "//" * 400_000,
        "Q {T}\n" * 150_000,
    ],
)
def test_hostile_files_are_refused_quickly(hostile: str) -> None:
    started = time.process_time()

    reading = read_gift(hostile.encode())

    assert time.process_time() - started < 2
    assert reading.questions == ()
    assert reading.errors
