# Sourced by the image's entry point when the server's files are first made: Temporal's and Airflow's accounts and
# databases.
account() {
  psql --username "$POSTGRES_USER" --dbname postgres --set ON_ERROR_STOP=1 --set name="$1" --set password="$2" <<'SQL'
CREATE ROLE :"name" LOGIN PASSWORD :'password';
SQL
}

account temporal "$TEMPORAL_DATABASE_PASSWORD"
account airflow "$AIRFLOW_DATABASE_PASSWORD"
createdb --username "$POSTGRES_USER" --owner temporal temporal
createdb --username "$POSTGRES_USER" --owner temporal temporal_visibility
createdb --username "$POSTGRES_USER" --owner airflow airflow
