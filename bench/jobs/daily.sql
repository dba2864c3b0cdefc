-- The daily job: SET VARIABLE anomaly_files, review_files, first_day and end_day first.

CREATE TEMP TABLE anomalies AS
WITH parsed AS (
  SELECT line, file_date, from_json(if(is_json, line, NULL), '{"event_id": "VARCHAR", "type": "VARCHAR",
    "version": "INTEGER", "occurred_at": "VARCHAR", "organisation_id": "VARCHAR", "attempt_id": "VARCHAR",
    "exam_id": "VARCHAR", "student_id": "VARCHAR", "cohort_id": "VARCHAR", "sequence": "BIGINT",
    "data": {"incident_id": "VARCHAR", "kind": "VARCHAR", "severity": "VARCHAR", "confidence": "DOUBLE"}}') AS event
  FROM lines(getvariable('anomaly_files'))
), timed AS (SELECT *, instant(event.occurred_at) AS happened_at, event.data AS data FROM parsed),
judged AS (
  SELECT *, envelope_is_right(event, 'anomaly_detected', happened_at, file_date) AND coalesce(is_id(data.incident_id)
    AND data.kind IN ('face_absent', 'multiple_faces', 'forbidden_object', 'tab_change', 'webcam_disabled',
      'looking_away', 'fullscreen_exit', 'paste', 'focus_lost', 'clock_manipulated', 'screen_share_ended',
      'connection_lost', 'low_light', 'detector_down', 'records_lost', 'frozen_picture', 'virtual_camera', 'visibility_unknown')
    AND data.severity IN ('technical', 'low', 'medium', 'high', 'critical')
    AND data.confidence BETWEEN 0 AND 1, false) AS is_sound
  FROM timed
), slim AS (
  SELECT is_sound, file_date, happened_at, if(is_sound, NULL, line) AS line, if(is_sound, event.event_id, line) AS same,
    if(is_sound, TRY_CAST(event.attempt_id AS UUID), NULL) AS attempt_id, event.exam_id AS exam_id,
    if(is_sound, TRY_CAST(data.incident_id AS UUID), NULL) AS incident_id, data.kind AS kind, data.severity AS severity,
    data.confidence AS confidence
  FROM judged
)
SELECT * EXCLUDE (same), row_number() OVER (PARTITION BY same ORDER BY file_date) AS copy FROM slim;

CREATE TEMP TABLE reviews AS
WITH parsed AS (
  SELECT line, file_date, from_json(if(is_json, line, NULL), '{"event_id": "VARCHAR", "type": "VARCHAR",
    "version": "INTEGER", "occurred_at": "VARCHAR", "organisation_id": "VARCHAR", "attempt_id": "VARCHAR",
    "exam_id": "VARCHAR", "student_id": "VARCHAR", "cohort_id": "VARCHAR", "sequence": "BIGINT",
    "data": {"review_id": "VARCHAR", "kind": "VARCHAR", "outcome": "VARCHAR",
      "rulings": [{"incident_id": "VARCHAR", "ruling": "VARCHAR"}]}}') AS event
  FROM lines(getvariable('review_files'))
), timed AS (SELECT *, instant(event.occurred_at) AS happened_at, event.data AS data FROM parsed),
judged AS (
  SELECT *, envelope_is_right(event, 'review_decided', happened_at, file_date) AND coalesce(is_id(data.review_id)
    AND data.outcome IS NOT NULL AND (data.kind <> 'integrity' OR data.outcome IN ('cleared', 'upheld'))
    AND len(list_filter(coalesce(data.rulings, []), lambda one: NOT (is_id(one.incident_id)
      AND coalesce(one.ruling IN ('not_an_incident', 'explained', 'confirmed'), false)))) = 0, false) AS is_sound
  FROM timed
)
SELECT is_sound, file_date, happened_at, if(is_sound, NULL, line) AS line, event.sequence AS sequence,
  if(is_sound, TRY_CAST(event.attempt_id AS UUID), NULL) AS attempt_id, data.kind AS kind, data.outcome AS outcome,
  data.rulings AS rulings,
  row_number() OVER (PARTITION BY if(is_sound, event.event_id, line) ORDER BY file_date) AS copy
FROM judged;

CREATE TEMP TABLE anomaly_day AS
WITH decisions AS (SELECT * FROM reviews WHERE is_sound AND copy = 1 AND kind = 'integrity'),
outcomes AS (
  SELECT attempt_id, arg_max(outcome, (happened_at, sequence)) AS outcome FROM decisions GROUP BY attempt_id
), each AS (SELECT attempt_id, happened_at, sequence, unnest(rulings) AS one FROM decisions),
last_rulings AS (
  SELECT attempt_id, TRY_CAST(one.incident_id AS UUID) AS incident_id,
    arg_max(one.ruling, (happened_at, sequence)) AS ruling
  FROM each GROUP BY ALL
), counted AS (
  SELECT exam_id, kind, severity, hour(happened_at) AS hour, count(*) AS incidents,
    avg(confidence) AS mean_confidence, count(outcome) AS reviewed, count(*) FILTER (outcome = 'cleared') AS cleared,
    count(ruling) AS ruled, count(*) FILTER (ruling = 'not_an_incident') AS false_positives
  FROM anomalies LEFT JOIN outcomes USING (attempt_id) LEFT JOIN last_rulings USING (attempt_id, incident_id)
  WHERE is_sound AND copy = 1 AND happened_at >= getvariable('first_day') AND happened_at < getvariable('end_day')
  GROUP BY ALL
)
SELECT *, if(reviewed > 0, cleared / reviewed, NULL) AS share_cleared,
  if(ruled > 0, false_positives / ruled, NULL) AS false_positive_rate
FROM counted;
