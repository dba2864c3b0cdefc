"""Ids: version 7, sorted by time, derived where a retry must find the same thing."""

from uuid import UUID

from schema import ids


def test_a_new_id_is_version_7_and_sorts_by_its_birth() -> None:
    made = [ids.new_id() for _ in range(50)]

    assert {found.version for found in made} == {7}
    assert len(set(made)) == 50
    assert made[0].int >> 80 <= made[-1].int >> 80


def test_a_retried_reservation_is_the_same_attempt() -> None:
    student, other = ids.new_id(), ids.new_id()

    assert ids.attempt_id_for(student, "key") == ids.attempt_id_for(student, "key")
    assert ids.attempt_id_for(student, "key") != ids.attempt_id_for(student, "another")
    assert ids.attempt_id_for(student, "key") != ids.attempt_id_for(other, "key")


def test_derived_ids_tell_things_apart() -> None:
    attempt = ids.new_id()
    derived: set[UUID] = {
        ids.incident_id_for(attempt, "face_absent", 1),
        ids.incident_id_for(attempt, "face_absent", 2),
        ids.incident_id_for(attempt, "tab_change", 1),
        ids.review_id_for(attempt, "integrity:1", 1),
        ids.review_id_for(attempt, "integrity:1", 2),
        ids.review_id_for(attempt, "integrity:2", 1),
        ids.event_id_for("reservations", attempt, "1"),
        ids.mail_id_for(attempt, "reminder"),
    }

    assert len(derived) == 8


def test_workflow_ids_are_readable() -> None:
    attempt = UUID("01900000-0000-7000-8000-000000000042")

    assert ids.attempt_workflow_id(attempt) == f"attempt:{attempt}"
    assert ids.monitoring_workflow_id(attempt) == f"monitoring:{attempt}"
    assert ids.grading_workflow_id(attempt, 2) == f"grading:{attempt}:2"
    assert ids.review_workflow_id(attempt) == f"review:{attempt}"
    assert ids.retention_workflow_id(attempt) == f"retention:{attempt}"
