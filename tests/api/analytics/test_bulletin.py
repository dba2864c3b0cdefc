"""Reports as a reader gets them: the PDF parsed back, and who may have it."""

from io import BytesIO

import httpx
import pytest
from pypdf import PdfReader

from schema.ids import new_id
from schema.period import Job
from schema.role import Role
from tests.api.analytics.jobs import Results
from tests.api.analytics.term import QUERY, WEEKS, Term, term
from tests.api.house import House, Someone


@pytest.fixture
async def filled(house: House, results: Results) -> Term:
    return await term(house, results)


async def download(house: House, path: str, me: Someone, **query: str) -> httpx.Response:
    return await house.client.get(f"/api/analytics/{path}", params={**QUERY, **query}, headers=me.headers)


def read(answer: httpx.Response) -> PdfReader:
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/pdf"
    return PdfReader(BytesIO(answer.content))


def text_of(answer: httpx.Response) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in read(answer).pages)


async def test_an_exams_report_says_what_was_found(house: House, filled: Term) -> None:
    text = text_of(await download(house, f"exams/{filled.exam.exam_id}/report.pdf", filled.author))

    for words in (
        "Exam report: =1+1 Biology <II> 生物学", "2026-12-01 to 2026-12-31",
        # 7 + 14 + 5 + 3 of 12 + 20 + 8 + 3 attempts
        "67.4 % of 43 marked attempts passed", "Most frequent are scores from 60–70 %.", "60–70 14 32.6 %",
        "The mean rose by 13.2 points: 58.2 % in the week from 2026-11-29",
        "Question 1 is the hardest: 0.35 of its points were earned; Question 5 the easiest: 0.85.",
        "3 of 5 questions tell little about the whole (below 0.2): Q5, Q4, Q3.",
        "Question 5 takes longest, 98 s on average", "Explain how the kidney keeps water 24 0.60 0.15 64",
        "Most incidents began between 09:00 and 10:00 UTC", "Cronbach's alpha",
    ):  # fmt: skip
        assert words in text, words


async def test_axes_have_units_and_values_stand_at_their_marks(house: House, filled: Term) -> None:
    text = text_of(await download(house, f"exams/{filled.exam.exam_id}/report.pdf", filled.author))

    for words in (
        "Score, per cent of the points", "Mean score, %", "Mean time on the question, seconds", "Day, UTC",
        "Hour of the day, UTC", "Difficulty: share of the points that was earned (1 is easy)", "63.5",
    ):  # fmt: skip
        assert words in text, words


async def test_a_report_says_how_far_it_is_computed(house: House, filled: Term) -> None:
    text = text_of(await download(house, f"exams/{filled.exam.exam_id}/report.pdf", filled.author))

    for words in (
        "5 weeks from 2026-11-29 to 2027-01-02; 4 computed, newest at 2027-01-03 02:00 UTC",
        "Not computed yet 1 week: 2026-12-20", "4 in quarantine of 160 read", "Late events 8, counted",
        "Not computed yet 4 days: 2026-12-09 to 2026-12-11, 2026-12-24", "2026-12-24 not computed yet",
        "4 days of the period are not computed yet and are in no figure.",
    ):  # fmt: skip
        assert words in text, words


async def test_pages_are_numbered_and_passages_make_an_outline(house: House, filled: Term) -> None:
    reader = read(await download(house, f"exams/{filled.exam.exam_id}/report.pdf", filled.author))
    outlined = [entry.title for entry in reader.outline if not isinstance(entry, list)]

    assert outlined == [
        "Scores", "Weeks", "Difficulty", "Discrimination", "Time", "Questions", "Incidents by kind",
        "Incidents by preset", "Incidents by severity", "Incidents by hour", "Incidents by day",
        "What the figures mean",
    ]  # fmt: skip
    assert f"Page {len(reader.pages)} of {len(reader.pages)}" in reader.pages[-1].extract_text()
    assert reader.metadata is not None
    assert reader.metadata.title == "Exam report: =1+1 Biology <II> 生物学"


async def test_the_same_figures_print_the_same_bytes(house: House, filled: Term) -> None:
    path = f"exams/{filled.exam.exam_id}/report.pdf"

    first = await download(house, path, filled.author)
    second = await download(house, path, filled.author)

    assert first.content == second.content
    assert "no-store" in first.headers["cache-control"]
    name = f"exam-{filled.exam.exam_id}-2026-12-01-2026-12-31.pdf"
    assert first.headers["content-disposition"] == f'attachment; filename="{name}"'


async def test_a_report_of_nothing_says_so(house: House, filled: Term) -> None:
    path = f"exams/{filled.other.exam_id}/report.pdf"

    before = {"from": "2024-06-01", "to": "2024-06-30"}
    text = text_of(await download(house, path, filled.author, **before))

    assert "no week of this period has been computed yet" in text
    assert "no day of this period has been computed yet" in text
    assert "30 days from 2024-06-01 to 2024-06-30; none computed" in text


async def test_computed_without_any_result_is_something_else(house: House, filled: Term) -> None:
    path = f"exams/{filled.other.exam_id}/report.pdf"

    week = {"from": "2026-12-15", "to": "2026-12-16"}
    text = text_of(await download(house, path, filled.author, **week))

    assert "No attempt was marked in the computed weeks." in text
    assert "No incident was recorded on the computed days." in text


async def test_long_lists_are_cut_and_say_so(house: House, results: Results) -> None:
    author = await house.person(Role.AUTHOR)
    exam = await house.exam(author.person_id)
    await results.ran(Job.GRADES, WEEKS[0])
    await results.week(WEEKS[0], exam.exam_id, 30, 50.0)
    known = exam.questions[0].question_id
    await results.item(WEEKS[0], exam.exam_id, known, 30, difficulty=0.05, discrimination=None)
    for number in range(29):
        await results.item(
            WEEKS[0], exam.exam_id, new_id(), 30, difficulty=0.1 + number / 50, mean_seconds=None
        )

    text = text_of(await download(house, f"exams/{exam.exam_id}/report.pdf", author))

    assert "Question 1 is the hardest: 0.05 of its points were earned; A removed question" in text
    assert "The chart shows the 25 hardest of 30; all stand in the table of questions." in text
    assert "0 of 29 questions tell little about the whole (below 0.2)." in text
    assert "30 questions were answered." in text


async def test_a_students_report(house: House, filled: Term) -> None:
    path = f"students/{filled.student.person_id}/report.pdf"

    half_year = {"from": "2026-08-01", "to": "2026-12-31"}
    text = text_of(await download(house, path, filled.student, **half_year))

    for words in (
        "Student report: Somebody", "50.0 % of 6 marked attempts passed; the mean is 63.2 %",
        "2026-10 2 66.5 1 50.0 % +14.5", "2026-08 not computed yet", "2 months: 2026-08, 2026-11",
    ):  # fmt: skip
        assert words in text, words


async def test_a_periods_report(house: House, filled: Term) -> None:
    admin = await house.person(Role.ADMIN)

    text = text_of(await download(house, "periods/report.pdf", admin))

    for words in (
        "Report of 2026-12-01 to 2026-12-31", "59.6 % of 52 marked attempts passed",
        "22.2 % in “Geography” to 67.4 % in “=1+1 Biology <II> 生物学”", "Suppressed: 1 month of small cohorts.",
        "fewer than five students", "2 exams had incidents",
    ):  # fmt: skip
        assert words in text, words


async def test_two_years_of_days_fit_into_a_report(house: House, filled: Term) -> None:
    admin = await house.person(Role.ADMIN)

    answer = await download(house, "periods/report.pdf", admin, **{"from": "2025-01-01", "to": "2026-12-31"})

    assert "The CSV has every day." in text_of(answer)
    assert len(read(answer).pages) < 10


@pytest.mark.parametrize("kind", ["pdf", "csv"])
async def test_who_gets_which_report(house: House, filled: Term, kind: str) -> None:
    exam, student = f"exams/{filled.exam.exam_id}", f"students/{filled.student.person_id}"
    found = {}
    for role in Role:
        reader = await house.person(role)
        answers = [
            await download(house, f"{path}/report.{kind}", reader) for path in (exam, student, "periods")
        ]
        found[role] = [answer.status_code for answer in answers]
    own_exam = await download(house, f"{exam}/report.{kind}", filled.author)
    own_months = await download(house, f"{student}/report.{kind}", filled.student)

    assert found == {role: [200, 200, 200] if role is Role.ADMIN else [403, 404, 403] for role in Role}
    assert (own_exam.status_code, own_months.status_code) == (200, 200)
