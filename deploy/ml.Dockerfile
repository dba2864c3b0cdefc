# Workers of the detection queue, and the one-shot that fetches the models. Built from the repository's root.
FROM python:3.11.14-slim-bookworm AS environment
# The embedded Temporal server comes with this lock and is taken out again.
COPY requirements/uv.txt requirements/runtime.txt requirements/full.txt /requirements/
RUN python -m venv /opt/uv \
 && /opt/uv/bin/python -m pip install --no-cache-dir --require-hashes --only-binary=:all: -r /requirements/uv.txt
RUN python -m venv --without-pip /opt/venv \
 && /opt/uv/bin/uv pip install --no-cache --compile-bytecode --python /opt/venv/bin/python --require-hashes \
      -r /requirements/runtime.txt -r /requirements/full.txt \
 && rm -f /opt/venv/bin/temporal

FROM python:3.11.14-slim-bookworm
RUN useradd --system --uid 10001 --user-group --no-create-home proctorwise \
 && install -d -o 10001 -g 10001 /var/lib/proctorwise /models
COPY --from=environment /opt/venv /opt/venv
WORKDIR /app
COPY schema schema
COPY activities activities
COPY workflows workflows
COPY ml ml
COPY workers workers
COPY deploy/worker.sh /usr/local/bin/worker.sh
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 VAR_DIR=/var/lib/proctorwise MODELS_DIR=/models
USER 10001:10001
ENTRYPOINT ["worker.sh"]
CMD ["work", "proctor-ml"]
