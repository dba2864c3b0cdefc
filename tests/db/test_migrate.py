"""Migrations lead an empty database to exactly the tables that the code uses, whoever starts first."""

import json
import multiprocessing
from collections.abc import Callable

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import select, text

from schema.db.migrate import configuration, connected, is_ours, migrate, upgrade
from schema.db.schemas import METADATA
from schema.db.tables.notifications import NotificationRow
from schema.db.tables.reservations import ExamRow
from schema.db.tables.users import Person
from schema.ids import new_id
from tests.contracts.builder import NOON


@pytest.mark.parametrize("schema", METADATA)
def test_an_empty_database_is_upgraded_to_the_metadata(schema: str, empty: Callable[[str], str]) -> None:
    upgrade(schema, empty(schema))

    with connected(empty(schema)) as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_server_default": True, "include_object": is_ours}
        )
        assert compare_metadata(context, METADATA[schema]) == []


def test_migrating_twice_changes_nothing(empty: Callable[[str], str]) -> None:
    migrate(empty)
    with connected(empty("users")) as connection:
        connection.execute(text("INSERT INTO person_role (person_id, role) VALUES ('1', 'author')"))

    migrate(empty)

    with connected(empty("users")) as connection:
        assert connection.execute(text("SELECT role FROM person_role")).scalars().all() == ["author"]


def test_processes_that_start_at_once_migrate_once(empty: Callable[[str], str]) -> None:
    spawn = multiprocessing.get_context("spawn")
    started = [spawn.Process(target=migrate, args=(empty,)) for _ in range(3)]

    for process in started:
        process.start()
    for process in started:
        process.join(110)

    assert [process.exitcode for process in started] == [0, 0, 0]
    with connected(empty("analytics")) as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1


def test_names_that_are_there_are_found_by_their_folded_letters(empty: Callable[[str], str]) -> None:
    url = empty("users")
    with connected(url) as connection:
        command.upgrade(configuration("users", connection), "0002")
    old = (
        "INSERT INTO person (person_id, organisation_id, email, display_name, student_number, password_hash,"
        " time_zone, language, duration_factor, created_at)"
        " VALUES (:id, :id, :email, :name, 'Ｓ１', '', 'UTC', 'en', '1', '2026-11-28 12:00:00')"
    )
    with connected(url) as connection:
        for name in ("Łukasz Öz", "ΣΊΣΥΦΟΣ"):
            values = {"id": new_id().hex, "email": f"{len(name)}@example.org", "name": name}
            connection.execute(text(old), values)

    upgrade("users", url)

    with connected(url) as connection:
        folded = set(connection.scalars(select(Person.folded)))
    assert folded == {"lukasz oz\n9@example.org\ns1", "σισυφοσ\n7@example.org\ns1"}


def test_notices_that_are_there_learn_their_attempt(empty: Callable[[str], str]) -> None:
    url, attempt_id = empty("notifications"), new_id()
    with connected(url) as connection:
        command.upgrade(configuration("notifications", connection), "0001")
    old = (
        "INSERT INTO notification (notification_id, person_id, kind, data, created_at)"
        " VALUES (:id, :id, 'k', :data, :at)"
    )
    with connected(url) as connection:
        for facts in (f'{{"attempt_id": "{attempt_id}"}}', "{}"):
            values = {"id": new_id().hex, "data": facts, "at": NOON.replace(tzinfo=None).isoformat(" ")}
            connection.execute(text(old), values)

    upgrade("notifications", url)

    with connected(url) as connection:
        assert set(connection.scalars(select(NotificationRow.attempt_id))) == {attempt_id, None}


@pytest.mark.parametrize(("from_revision", "changed"), [("0007", "2026-12-05"), ("0016", "2026-11-20")])
def test_an_exam_that_an_edit_took_offline_is_bookable_again(
    empty: Callable[[str], str], from_revision: str, changed: str
) -> None:
    url = empty("reservations")
    edited, draft, withdrawn = new_id(), new_id(), new_id()
    with connected(url) as connection:
        command.upgrade(configuration("reservations", connection), from_revision)
    exam = (
        "INSERT INTO exam (exam_id, organisation_id, author_id, title, is_published, version, created_at, updated_at)"
        " VALUES (:id, :id, :id, 'Algebra', :no, 3, :at, :at)"
    )
    version = "INSERT INTO exam_version (exam_id, version, content, created_at) VALUES (:id, :version, :content, :at)"
    with connected(url) as connection:
        for exam_id, published, at in (
            (edited, 2, changed), (draft, 9, changed), (withdrawn, 2, "2026-12-06")
        ):  # fmt: skip
            if exam_id == withdrawn and from_revision == "0007":
                continue  # there was no withdrawing then
            row = {"id": exam_id.hex, "at": f"{at} 12:00:00"}
            connection.execute(text(exam), {**row, "no": False})
            for number in (1, 2, 3):
                content = json.dumps({"is_published": number == published})
                connection.execute(text(version), {**row, "version": number, "content": content})

    upgrade("reservations", url)

    with connected(url) as connection:
        rows = connection.execute(select(ExamRow.exam_id, ExamRow.published_version)).all()
    offered = {row.exam_id: row.published_version for row in rows}
    assert (offered[edited], offered[draft], offered.get(withdrawn)) == (2, None, None)
