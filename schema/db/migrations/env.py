"""Alembic's environment: runs one schema's revisions on the connection it is given (see schema/db/migrate.py)."""

from alembic import context

config = context.config
context.configure(
    connection=config.attributes["connection"],
    target_metadata=config.attributes["metadata"],
    render_as_batch=True,  # SQLite alters a table by copying it
    include_object=config.attributes["is_ours"],
    compare_type=True,
    compare_server_default=True,
)
with context.begin_transaction():
    context.run_migrations()
