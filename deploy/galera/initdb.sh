# Sourced by the image's entry point when a node's databases are first made: the product's account and its six schemas.
# Only the first node's are kept; the others receive a copy of them when they join.

schemas="users reservations monitoring corrections notifications analytics"
password=$(docker_sql_escape_string_literal "$DATABASE_PASSWORD")

{
  for schema in $schemas; do
    echo "CREATE DATABASE IF NOT EXISTS proctorwise_$schema CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;"
  done
  echo "CREATE USER IF NOT EXISTS proctorwise@'%' IDENTIFIED BY '$password';"
  # The underscore is a wildcard in grants unless it is escaped.
  echo "GRANT ALL ON \`proctorwise\\_%\`.* TO proctorwise@'%';"
  # Reads the node's state for the load balancer: no rights, no password, this network only.
  echo "CREATE USER IF NOT EXISTS balancer@'%';"
} | docker_process_sql

if [ "$GALERA_NODE" = "$GALERA_FIRST" ]; then touch "${GALERA_BORN:-/galera/born}"; fi
