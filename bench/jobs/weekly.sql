-- The weekly job: SET VARIABLE grading_files, first_day and end_day first.

CREATE TEMP TABLE gradings AS
WITH parsed AS (
  SELECT line, file_date, from_json(if(is_json, line, NULL), '{"event_id": "VARCHAR", "type": "VARCHAR",
    "version": "INTEGER", "occurred_at": "VARCHAR", "organisation_id": "VARCHAR", "attempt_id": "VARCHAR",
    "exam_id": "VARCHAR", "student_id": "VARCHAR", "cohort_id": "VARCHAR", "sequence": "BIGINT",
    "data": {"round_number": "INTEGER", "percent": "VARCHAR", "passed": "BOOLEAN", "items": [{"question_id": "VARCHAR",
      "earned": "VARCHAR", "points": "VARCHAR", "seconds": "INTEGER"}]}}') AS event
  FROM lines(getvariable('grading_files'))
), timed AS (SELECT *, instant(event.occurred_at) AS happened_at, event.data AS data FROM parsed),
judged AS (
  SELECT *, envelope_is_right(event, 'grading_completed', happened_at, file_date) AND coalesce(
    data.round_number IS NOT NULL AND is_number(data.percent) AND data.passed IS NOT NULL
    AND len(list_filter(data.items, lambda one: NOT (is_id(one.question_id) AND is_number(one.earned)
      AND is_number(one.points)))) = 0, false) AS is_sound
  FROM timed
)
SELECT is_sound, file_date, happened_at, if(is_sound, NULL, line) AS line, event.sequence AS sequence,
  if(is_sound, TRY_CAST(event.attempt_id AS UUID), NULL) AS attempt_id, event.exam_id AS exam_id,
  data.round_number AS round_number, TRY_CAST(data.percent AS DOUBLE) AS percent, data.passed AS passed,
  if(is_sound, list_transform(data.items, lambda one: {
    'question_id': TRY_CAST(one.question_id AS UUID), 'earned': TRY_CAST(one.earned AS DOUBLE),
    'points': TRY_CAST(one.points AS DOUBLE), 'seconds': one.seconds}), NULL) AS items,
  row_number() OVER (PARTITION BY if(is_sound, event.event_id, line) ORDER BY file_date) AS copy
FROM judged;

CREATE TEMP TABLE scores AS
WITH placed AS (
  SELECT exam_id, percent, passed, items,
    row_number() OVER (PARTITION BY attempt_id ORDER BY round_number DESC, happened_at DESC, sequence DESC) AS place
  FROM gradings
  WHERE is_sound AND copy = 1 AND happened_at >= getvariable('first_day') AND happened_at < getvariable('end_day')
)
SELECT * EXCLUDE (place), list_sum(list_transform(items, lambda one: one.earned)) AS total FROM placed WHERE place = 1;

CREATE TEMP TABLE items AS
SELECT exam_id, one.question_id AS question_id, one.earned AS earned, one.points AS points, one.seconds AS seconds,
  total - one.earned AS rest
FROM (SELECT exam_id, total, unnest(items) AS one FROM scores);

CREATE TEMP TABLE item_week AS
WITH figures AS (
  SELECT exam_id, question_id, count(*) AS answers, avg(earned / points) FILTER (points <> 0) AS difficulty,
    covar_samp(earned, rest) AS together, stddev_samp(earned) AS own, stddev_samp(rest) AS others,
    avg(seconds) AS mean_seconds, median(TRY_CAST(seconds AS DOUBLE)) AS median_seconds, var_samp(earned) AS variance
  FROM items GROUP BY exam_id, question_id
)
SELECT *, CASE WHEN own > 1e-9 AND others > 1e-9 THEN together / (own * others) END AS discrimination FROM figures;

CREATE TEMP TABLE exam_week AS
WITH figures AS (
  SELECT exam_id, count(*) AS attempts, avg(percent) AS mean_percent, median(percent) AS median_percent,
    stddev_samp(percent) AS deviation, min(percent) AS lowest_percent, max(percent) AS highest_percent,
    count(*) FILTER (passed) AS passed, count(*) FILTER (passed) / count(*) AS pass_rate,
    var_samp(total) FILTER (len(items) > 0) AS whole, count(*) FILTER (len(items) > 0) AS sat
  FROM scores GROUP BY exam_id
), parts AS (
  SELECT exam_id, count(*) AS items, sum(variance) AS parts, sum(answers) AS answers FROM item_week GROUP BY exam_id
)
SELECT f.* EXCLUDE (whole, sat), coalesce(items, 0) AS items,
  CASE WHEN items > 1 AND whole > 1e-18 AND answers = items * sat
    THEN items / (items - 1) * (1 - parts / whole) END AS alpha
FROM figures AS f LEFT JOIN parts USING (exam_id);

CREATE TEMP TABLE score_bucket AS
SELECT exam_id, least(greatest(CAST(floor(percent / 10) AS INTEGER) * 10, 0), 90) AS from_percent, count(*) AS attempts
FROM scores GROUP BY ALL;
