#!/bin/sh
# Brings Temporal's two databases to the server's schema; run again, it changes nothing.
set -eu

tool() {
  database=$1
  shift
  SQL_PASSWORD=$POSTGRES_PWD temporal-sql-tool --plugin postgres12 --ep "$POSTGRES_SEEDS" -p "$DB_PORT" \
    -u "$POSTGRES_USER" --db "$database" "$@"
}

for part in temporal visibility; do
  database=temporal
  [ "$part" = temporal ] || database=temporal_visibility
  # Version 0.0 is an empty table of versions; where there are versions already, this is refused and not needed.
  tool "$database" setup-schema -v 0.0 || echo "$database has a schema; bringing it up to date"
  tool "$database" update-schema -d "/etc/temporal/schema/postgresql/v12/$part/versioned"
done
