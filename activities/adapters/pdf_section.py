"""The sections of a report: who, result, timeline, messages, incidents, marks, decisions, versions."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from reportlab.platypus import CondPageBreak, Flowable, KeepTogether, Paragraph, Table

from activities.adapters.pdf_coverage import found, watched
from activities.adapters.pdf_picture import picture_of
from activities.adapters.pdf_style import facts, said, table
from activities.adapters.template.catalogue import language_file
from activities.adapters.template.phrase import offset_of, zone_of
from schema.dossier import Dossier, DossierIncident, DossierReview, Pictures
from schema.explanation import plain, points_of
from schema.incident import Evidence

WIDTH = 511.0  # A4 less margins, in points
PICTURE = 160.0
IDENTITY = 110.0
ROOM_BELOW_HEADING = 110.0
ROOM_BELOW_INCIDENTS = 330.0  # the first one with its pictures


class Sections:
    """One dossier's sections, in the words of one language and the student's time zone."""

    def __init__(
        self, dossier: Dossier, pictures: Pictures, identity: bytes | None, language: str = "en"
    ) -> None:
        self._dossier = dossier
        self._pictures = pictures
        self._identity = identity
        self._pages: dict[str, Any] = language_file(language)
        self._zone = zone_of(dossier.time_zone)

    def all(self) -> Iterator[Flowable]:
        """The whole report, in order."""
        yield from self._who()
        yield from self._timeline()
        yield from self._messages()
        yield from self._incidents()
        yield from self._marks()
        yield from self._decisions()
        yield from self._versions()

    def at(self, instant: datetime | None) -> str:
        """To the second, with the offset that held then."""
        if instant is None:
            return str(self._pages["report"]["not_known"])
        there = instant.astimezone(self._zone)
        return f"{there:%Y-%m-%d %H:%M:%S} {offset_of(there)}"

    def word(self, kind: str, name: str) -> str:
        """A technical word in plain ones."""
        return str(self._pages[kind].get(name, name.replace("_", " ")))

    def _who(self) -> Iterator[Flowable]:
        dossier = self._dossier
        yield said(f"Report: {dossier.exam_title}", "title")
        yield said(f"Times are given in the student's time zone, {self._zone}.", "small")
        lines = [
            ("Student", dossier.student_name),
            ("Student number", dossier.student_number or "none"),
            ("Exam", f"{dossier.exam_title}, version {dossier.exam_version}"),
            ("Slot", f"{self.at(dossier.slot_starts_at)} to {self.at(dossier.slot_ends_at)}"),
            ("Attempt", str(dossier.attempt_id)),
            ("State", self.word("phase", dossier.phase)),
            ("Began", self.at(dossier.started_at)),
            ("Handed in", self.at(dossier.submitted_at)),
            ("Result", self._result()),
            ("Incidents", self.word("integrity", dossier.integrity)),
            ("Watched", watched(dossier.coverage)),
        ]
        yield self._beside_identity(facts(lines, (90, WIDTH - 90 - IDENTITY - 10)))

    def _beside_identity(self, left: Table) -> Flowable:
        photo = picture_of(self._identity, IDENTITY)
        right: list[Flowable] = (
            [photo, said("Identity photo", "small")] if photo else [said(self._no_photo(), "small")]
        )
        look = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
        return Table(
            [[left, right]], colWidths=[WIDTH - IDENTITY - 6, IDENTITY + 6], style=look, hAlign="LEFT"
        )

    def _no_photo(self) -> str:
        if self._dossier.pictures_deleted_at is not None:
            return f"Pictures were deleted on {self.at(self._dossier.pictures_deleted_at)}, as the exam's rules say."
        return "No identity photo is kept."

    def _result(self) -> str:
        final = self._dossier.final_round
        if final is None or final.earned is None or final.percent is None:
            return "not marked"
        passed = "passed" if final.passed else "not passed"
        return f"{points_of(final.earned, final.points)}, {plain(final.percent)} %, {passed}"

    def _timeline(self) -> Iterator[Flowable]:
        yield from _heading("What happened")
        if not self._dossier.moves:
            yield said("Nothing is recorded.")
            return
        lines = [
            [self.at(move.at), self.word("verb", move.verb), move.actor_role.replace("_", " "), move.reason]
            for move in self._dossier.moves
        ]
        yield table(["When", "What", "By", "Reason"], lines, [128, 180, 60, WIDTH - 368])

    def _messages(self) -> Iterator[Flowable]:
        if not self._dossier.messages:
            return
        yield from _heading("Messages")
        lines = [[self.at(one.at), one.role, one.text] for one in self._dossier.messages]
        yield table(["When", "By", "Text"], lines, [128, 60, WIDTH - 188])

    def _incidents(self) -> Iterator[Flowable]:
        yield from _heading("Incidents", room=ROOM_BELOW_INCIDENTS)
        if not self._dossier.incidents:
            yield said("None was recorded.")
            return
        yield said("This is what the software saw. What it means was decided by people.", "small")
        for one in self._dossier.incidents:
            yield KeepTogether(list(self._incident(one)))

    def _incident(self, one: DossierIncident) -> Iterator[Flowable]:
        incident = one.incident
        what = self.word("words", incident.kind)
        yield said(f"{what[:1].upper()}{what[1:]}: {self.word('words', incident.severity)}", "subheading")
        ended = self.at(incident.ended_at) if incident.ended_at else self._pages["report"]["still_open"]
        ruling = self.word("ruling", one.ruling) if one.ruling else "not ruled on"
        yield facts(
            [
                ("Kind", incident.kind.value),
                ("From, to", f"{self.at(incident.started_at)} to {ended}"),
                ("Confidence", f"{incident.confidence:.2f}"),
                ("Rule", incident.rule),
                ("Found", found(one.late_seconds)),
                ("Ruling", f"{ruling}. {one.ruling_reason}".strip()),
            ],
            (90, WIDTH - 90),
        )
        yield self._evidence(incident.evidence)

    def _evidence(self, evidence: tuple[Evidence, ...]) -> Flowable:
        if not evidence:
            return said("No picture belongs to it.", "small")
        cells = [self._shown(one) for one in evidence]
        rows = [cells[start : start + 3] for start in range(0, len(cells), 3)]
        look = [("VALIGN", (0, 0), (-1, -1), "TOP"), ("LEFTPADDING", (0, 0), (-1, -1), 0)]
        padded: list[list[Any]] = [[*row, *[""] * (3 - len(row))] for row in rows]
        return Table(padded, colWidths=[PICTURE + 10] * 3, style=look, hAlign="LEFT")

    def _shown(self, one: Evidence) -> list[Flowable]:
        caption = said(f"{one.moment.value}: {self.at(one.captured_at)}", "small")
        picture = picture_of(self._pictures.get(one.offset), PICTURE, one.boxes)
        return [picture, caption] if picture else [said(self._why_none(one), "small"), caption]

    def _why_none(self, one: Evidence) -> str:
        deleted_at = self._dossier.pictures_deleted_at
        if deleted_at is not None:
            return f"The picture was deleted on {self.at(deleted_at)}."
        if one.offset in self._pictures:
            return "The picture cannot be read."
        if one.offset not in self._dossier.shown_offsets:
            return "The picture is left out: this report shows those of the gravest incidents."
        return "No picture of this moment is kept."

    def _marks(self) -> Iterator[Flowable]:
        yield from _heading("Marks")
        if self._dossier.answers_left_out:
            yield said(
                "The marks of each question stand in the result, as far as the exam's rules show them."
            )
            return
        if not self._dossier.items:
            yield said("Nothing was marked.")
            return
        for number in sorted({item.round_number for item in self._dossier.items}):
            yield from _heading(f"Round {number}", "subheading")
            yield self._round(number)

    def _round(self, number: int) -> Flowable:
        items = [item for item in self._dossier.items if item.round_number == number]
        lines = [
            [
                item.title,
                "not marked" if item.earned is None else points_of(item.earned, item.points),
                "\n".join([item.explanation, *item.comments]),
                item.marked_by,
            ]
            for item in items
        ]
        return table(["Question", "Points", "Why", "Marked by"], lines, [130, 80, WIDTH - 270, 60])

    def _decisions(self) -> Iterator[Flowable]:
        yield from _heading("Decisions")
        if not self._dossier.reviews:
            yield said("Nobody had to decide anything.")
            return
        lines = [self._decision(review) for review in self._dossier.reviews]
        yield table(
            ["What", "By", "Opened", "Decided", "Outcome and reason"], lines, [80, 50, 90, 90, WIDTH - 310]
        )

    def _decision(self, review: DossierReview) -> list[str]:
        role = "grader" if review.kind == "essay" else "reviewer"
        decided = self.at(review.decided_at) if review.decided_at else "not decided"
        outcome = ". ".join(part for part in (review.outcome.replace("_", " "), review.reason) if part)
        subject = f"{self.word('review', review.kind)}, round {review.round_number}"
        return [subject, role, self.at(review.opened_at), decided, outcome]

    def _versions(self) -> Iterator[Flowable]:
        dossier = self._dossier
        models = {one.incident.model for one in dossier.incidents} | {dossier.model_version} - {""}
        yield from _heading("Versions")
        lines = [
            ("Exam", f"{dossier.exam_id}, version {dossier.exam_version}"),
            ("Rules", dossier.rules_version or "nothing was analysed"),
            ("Models", "\n".join(sorted(models)) or "nothing was analysed"),
        ]
        yield facts(lines, (90, WIDTH - 90))
        yield Paragraph("", said("").style)


def _heading(text: str, kind: str = "heading", room: float = ROOM_BELOW_HEADING) -> Iterator[Flowable]:
    # Room for a few lines below it; keeping it with a long table would push the whole table to the next page.
    yield CondPageBreak(room)
    yield said(text, kind)
