# Airflow with the product's DAGs; their tasks run in environments of the product's own, which know nothing of Airflow.
FROM apache/airflow:3.3.2-python3.11 AS environment
USER root
COPY requirements/uv.txt requirements/core.txt requirements/full.txt requirements/spark.txt /requirements/
RUN python -m venv /opt/uv \
 && /opt/uv/bin/python -m pip install --no-cache-dir --require-hashes --only-binary=:all: -r /requirements/uv.txt
RUN python -m venv --without-pip /opt/venv \
 && /opt/uv/bin/uv pip install --no-cache --compile-bytecode --python /opt/venv/bin/python --require-hashes \
      -r /requirements/core.txt -r /requirements/full.txt
RUN python -m venv --without-pip /opt/venv-spark \
 && /opt/uv/bin/uv pip install --no-cache --compile-bytecode --python /opt/venv-spark/bin/python --require-hashes \
      -r /requirements/spark.txt

FROM apache/airflow:3.3.2-python3.11
USER root
# Java for Spark's driver, MariaDB's own programs for the backup.
RUN apt-get update \
 && apt-get install --yes --no-install-recommends openjdk-17-jre-headless mariadb-client \
 && rm -rf /var/lib/apt/lists/* \
 && install -d -o 50000 -g 0 /backup /var/lib/proctorwise /opt/airflow/secret
COPY --from=environment /opt/venv /opt/venv
COPY --from=environment /opt/venv-spark /opt/venv-spark
WORKDIR /app
COPY schema schema
COPY activities activities
COPY workflows workflows
COPY ml ml
COPY workers workers
COPY spark-jobs spark-jobs
COPY dags dags
COPY deploy/airflow /deploy/airflow
ENV PROCTORWISE_HOME=/app PROCTORWISE_PYTHON=/opt/venv/bin/python PROCTORWISE_SPARK_PYTHON=/opt/venv-spark/bin/python \
    AIRFLOW__CORE__DAGS_FOLDER=/app/dags PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/var/lib/proctorwise
USER 50000:0
