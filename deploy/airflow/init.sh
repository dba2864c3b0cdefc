#!/bin/bash
# Airflow's database, its one account and its pool; run again, it changes what the environment changed.
set -euo pipefail

airflow db migrate
airflow pools set lake 1 "Jobs that read or rewrite the lake, one at a time"
umask 077
python -c 'import json, os; print(json.dumps({"admin": os.environ["AIRFLOW_ADMIN_PASSWORD"]}))' \
  > "$AIRFLOW__CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE"
