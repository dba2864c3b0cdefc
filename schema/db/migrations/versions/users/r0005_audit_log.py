"""The audit log, and since when a person's name and number belong to the institution.

Who was imported by an older version is known by an id that is derived (version 5) from the import's.

Revision: 0005
Follows: 0004
"""

from datetime import datetime

import sqlalchemy as sa
from alembic import op

import schema.db.column

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("person", sa.Column("imported_at", schema.db.column.UtcDateTime(), nullable=True))
    _mark_imported()
    op.create_table(
        "journal_head",
        sa.Column("organisation_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("organisation_id", name="pk_journal_head"),
    )
    op.create_table(
        "journal",
        sa.Column("act_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("organisation_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", schema.db.column.UtcDateTime(), nullable=False),
        sa.Column("actor_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Uuid(native_uuid=False), nullable=False),
        sa.Column("exam_id", sa.Uuid(native_uuid=False), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("after", sa.JSON(), nullable=False),
        sa.Column("previous", sa.String(length=64), nullable=False),
        sa.Column("hash", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("act_id", name="pk_journal"),
        sa.UniqueConstraint("organisation_id", "number", name="uq_journal_number"),
    )
    op.create_index("ix_journal_organisation_id", "journal", ["organisation_id"])
    op.create_index("ix_journal_subject", "journal", ["subject_id", "number"])
    op.create_index("ix_journal_actor", "journal", ["actor_id", "number"])
    op.create_index("ix_journal_exam", "journal", ["exam_id", "number"])


def downgrade() -> None:
    op.drop_table("journal")
    op.drop_table("journal_head")
    op.drop_column("person", "imported_at")


def _mark_imported() -> None:
    person = sa.table(
        "person",
        sa.column("person_id", sa.Uuid(native_uuid=False)),
        sa.column("created_at", schema.db.column.UtcDateTime()),
        sa.column("imported_at", schema.db.column.UtcDateTime()),
    )
    connection = op.get_bind()
    found = connection.execute(sa.select(person.c.person_id, person.c.created_at)).all()
    imported: list[tuple[object, datetime]] = [(key, at) for key, at in found if key.version == 5]
    for key, at in imported:
        connection.execute(person.update().where(person.c.person_id == key).values(imported_at=at))
