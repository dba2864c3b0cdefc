"""Tables, sessions, queries and migrations: one portable schema for SQLite and MariaDB."""
