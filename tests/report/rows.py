"""Writes a dossier as rows of the schemas it is read from."""

import json

from schema.db.session import Databases
from schema.db.tables.corrections import ItemMarkRow, MarkingRound, ReviewRow
from schema.db.tables.monitoring import EvidenceRow, IncidentRow, MessageRow, MonitoringOutbox
from schema.db.tables.reservations import AttemptHold, AttemptMove, AttemptRow, ExamRow, ExamVersion, SlotRow
from schema.db.tables.users import Person
from schema.dossier import Dossier, DossierIncident, DossierItem
from schema.exam import Criterion, Essay, Exam, Section, TrueFalse
from schema.ids import evidence_id_for, new_id
from schema.review import EssayVerdict, ReviewDecision
from tests.report.builder import BEGIN


async def write(databases: Databases, dossier: Dossier) -> None:
    """All of it."""
    await _write_person(databases, dossier)
    await _write_reservation(databases, dossier)
    await _write_monitoring(databases, dossier)
    await _write_marks(databases, dossier)


async def _write_person(databases: Databases, dossier: Dossier) -> None:
    person = Person(
        person_id=dossier.student_id,
        organisation_id=dossier.organisation_id,
        email=f"{dossier.student_id}@example.org",
        display_name=dossier.student_name,
        student_number=dossier.student_number,
        password_hash="",
        time_zone=dossier.time_zone,
        duration_factor=1,
        created_at=BEGIN,
    )
    async with databases.users.write() as session:
        session.add(person)


async def _write_reservation(databases: Databases, dossier: Dossier) -> None:
    exam = _exam(dossier)
    assert dossier.slot_starts_at is not None
    assert dossier.slot_ends_at is not None
    slot = SlotRow(
        slot_id=new_id(),
        exam_id=dossier.exam_id,
        starts_at=dossier.slot_starts_at,
        ends_at=dossier.slot_ends_at,
        seats=5,
        created_at=BEGIN,
    )
    async with databases.reservations.write() as session:
        session.add(slot)
        session.add(
            ExamRow(
                exam_id=exam.exam_id,
                organisation_id=exam.organisation_id,
                author_id=exam.author_id,
                title=exam.title,
                is_published=True,
                version=exam.version,
                created_at=BEGIN,
                updated_at=BEGIN,
            )
        )
        content = exam.model_dump(mode="json")
        session.add(
            ExamVersion(exam_id=exam.exam_id, version=exam.version, content=content, created_at=BEGIN)
        )
        session.add(_attempt(dossier, slot))
        session.add_all(_moves(dossier))
        session.add_all([AttemptHold(**hold.model_dump()) for hold in dossier.holds])


def _exam(dossier: Dossier) -> Exam:
    return Exam(
        exam_id=dossier.exam_id,
        organisation_id=dossier.organisation_id,
        author_id=new_id(),
        title=dossier.exam_title,
        version=dossier.exam_version,
        sections=(Section(section_id=new_id(), questions=tuple(_question(item) for item in dossier.items)),),
        is_published=True,
    )


def _question(item: DossierItem) -> Essay | TrueFalse:
    if item.marked_by == "grader":
        rubric = (Criterion(key="a", text="Argument", points=item.points),)
        return Essay(question_id=item.question_id, text=item.title, points=item.points, rubric=rubric)
    return TrueFalse(
        question_id=item.question_id, title=item.title, text="…", points=item.points, answer=True
    )


def _attempt(dossier: Dossier, slot: SlotRow) -> AttemptRow:
    return AttemptRow(
        attempt_id=dossier.attempt_id,
        organisation_id=dossier.organisation_id,
        exam_id=dossier.exam_id,
        exam_version=dossier.exam_version,
        student_id=dossier.student_id,
        slot_id=slot.slot_id,
        seed=1,
        phase=dossier.phase,
        marking=dossier.marking,
        integrity=dossier.integrity,
        release=dossier.release,
        risk=dossier.risk,
        version=1,
        hold_until=BEGIN,
        started_at=dossier.started_at,
        submitted_at=dossier.submitted_at,
        checks_done={},
        identity_photo=dossier.identity_photo,
        created_at=BEGIN,
        updated_at=BEGIN,
    )


def _moves(dossier: Dossier) -> list[AttemptMove]:
    return [
        AttemptMove(
            attempt_id=dossier.attempt_id,
            version=number,
            machine=move.machine,
            source=move.source,
            verb=move.verb,
            target=move.target,
            actor_role=move.actor_role,
            reason=move.reason,
            at=move.at,
        )
        for number, move in enumerate(dossier.moves)
    ]


async def _write_monitoring(databases: Databases, dossier: Dossier) -> None:
    async with databases.monitoring.write() as session:
        if dossier.rules_version:
            data = {"rules_version": dossier.rules_version, "model_version": dossier.model_version}
            session.add(
                MonitoringOutbox(
                    event_id=new_id(),
                    topic="monitoring_started",
                    attempt_id=dossier.attempt_id,
                    sequence=1,
                    envelope=json.dumps({"data": data}),
                    created_at=BEGIN,
                )
            )
        for one in dossier.incidents:
            session.add(_incident(dossier, one))
            session.add_all(_evidence(dossier, one))
        session.add_all(reversed(_messages(dossier)))


def _messages(dossier: Dossier) -> list[MessageRow]:
    return [
        MessageRow(
            message_id=new_id(),
            attempt_id=dossier.attempt_id,
            number=number,
            author_id=new_id(),
            side=one.role,
            device_key=f"key-{number}",
            text=one.text,
            at=one.at,
        )
        for number, one in enumerate(dossier.messages, start=1)
    ]


def _incident(dossier: Dossier, one: DossierIncident) -> IncidentRow:
    incident = one.incident
    return IncidentRow(
        incident_id=incident.incident_id,
        attempt_id=dossier.attempt_id,
        kind=incident.kind.value,
        severity=incident.severity.value,
        opening_offset=incident.opening_offset,
        started_at=incident.started_at,
        ended_at=incident.ended_at,
        confidence=incident.confidence,
        rule=incident.rule,
        model=incident.model,
        ruling=one.ruling,
        ruling_reason=one.ruling_reason,
        created_at=BEGIN,
    )


def _evidence(dossier: Dossier, one: DossierIncident) -> list[EvidenceRow]:
    return [
        EvidenceRow(
            evidence_id=evidence_id_for(one.incident.incident_id, shot.moment, shot.offset),
            incident_id=one.incident.incident_id,
            attempt_id=dossier.attempt_id,
            moment=shot.moment.value,
            offset=shot.offset,
            captured_at=shot.captured_at,
            boxes=[list(box) for box in shot.boxes],
        )
        for shot in one.incident.evidence
    ]


async def _write_marks(databases: Databases, dossier: Dossier) -> None:
    async with databases.corrections.write() as session:
        for round_ in dossier.rounds:
            session.add(
                MarkingRound(
                    attempt_id=dossier.attempt_id,
                    round_number=round_.round_number,
                    earned=round_.earned,
                    points=round_.points,
                    percent=round_.percent,
                    passed=round_.passed,
                    created_at=BEGIN,
                    completed_at=round_.completed_at,
                )
            )
        session.add_all(_item(dossier, item) for item in reversed(dossier.items))
        session.add_all(_reviews(dossier))


def _item(dossier: Dossier, item: DossierItem) -> ItemMarkRow:
    verdict = {
        "marks": [{"key": "a", "earned": "1.00", "comment": "Clear."}],
        "comment": "Read the question again.",
    }
    decision = ReviewDecision(
        review_id=new_id(),
        decided_by=new_id(),
        decided_at=BEGIN,
        verdict=EssayVerdict.model_validate(verdict),
    )
    return ItemMarkRow(
        attempt_id=dossier.attempt_id,
        round_number=item.round_number,
        question_id=item.question_id,
        earned=item.earned,
        points=item.points,
        explanation=item.explanation,
        marked_by=item.marked_by,
        criteria=decision.model_dump(mode="json") if item.comments else None,
    )


def _reviews(dossier: Dossier) -> list[ReviewRow]:
    return [
        ReviewRow(
            review_id=new_id(),
            attempt_id=dossier.attempt_id,
            exam_id=dossier.exam_id,
            organisation_id=dossier.organisation_id,
            kind=review.kind,
            subject=review.subject,
            round_number=review.round_number,
            stage=review.stage,
            excluded=[],
            opened_at=review.opened_at,
            remind_at=review.opened_at,
            escalate_at=review.opened_at,
            decided_at=review.decided_at,
            outcome=review.outcome,
            verdict={"kind": review.kind, "reason": review.reason},
            version=1,
        )
        for review in dossier.reviews
    ]
