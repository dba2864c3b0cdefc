-- Events of the lake's shape as functions of a number and a seed: SET VARIABLE seed, day, bounds, attempts, exams, spoilt_in.
-- Everything about event e follows from e, so an event that is written twice is the same line twice.

CREATE MACRO ident(kind, n) AS CAST(CAST(md5(kind || ':' || n || ':' || getvariable('seed')) AS UUID) AS VARCHAR);
-- Hashed twice: hashes of several values are combined by an exclusive or, which draws of one n would share.
CREATE MACRO draw(kind, n, sides) AS CAST(hash(hash(kind, n, getvariable('seed'))) % sides AS BIGINT);
CREATE MACRO one_of(words, kind, n) AS words[1 + draw(kind, n, len(words))];
CREATE MACRO thousandths(n) AS (n // 1000) || '.' || lpad(CAST(n % 1000 AS VARCHAR), 3, '0');

-- The day of the file that event e is first written to, counted from the first: `bounds` are the days' first events.
CREATE MACRO from_day(e, nth) AS CAST(e >= getvariable('bounds')[nth + 1] AS INTEGER);
CREATE MACRO file_day(e) AS from_day(e, 1) + from_day(e, 2) + from_day(e, 3) + from_day(e, 4) + from_day(e, 5)
  + from_day(e, 6) + from_day(e, 7) + from_day(e, 8) + from_day(e, 9);

-- An instant as the product writes it, at a random moment of the day so many days on.
CREATE MACRO instant(days_on, e) AS
  strftime(CAST(getvariable('day') AS TIMESTAMP) + to_days(CAST(days_on AS INTEGER))
           + to_microseconds(draw('moment', e, 86400000000)), '%Y-%m-%dT%H:%M:%S.%fZ');

-- One line in a hundred is an earlier event again.
CREATE MACRO told(first_line, end_line) AS TABLE
  SELECT n, if(draw('again', n, 100) = 0, n - draw('which', n, least(n + 1, 1000)), n) AS e
  FROM range(first_line, end_line) AS numbers(n);

-- One line in `spoilt_in` is spoilt in one of six ways.
CREATE MACRO spoilt(line, n) AS CASE draw('way', n, 6)
  WHEN 0 THEN line[:200]
  WHEN 1 THEN replace(line, '"version":1', '"version":9')
  WHEN 2 THEN regexp_replace(line, '"occurred_at":"[^"]*"', '"occurred_at":"yesterday"')
  WHEN 3 THEN regexp_replace(line, '"attempt_id":"[^"]*"', '"attempt_id":7')
  WHEN 4 THEN regexp_replace(line, '"sequence":[0-9]+', '"sequence":"first"')
  ELSE regexp_replace(line, '"occurred_at":"[0-9]{4}', '"occurred_at":"2025') END;

CREATE MACRO envelope(topic, source, e, attempt, exam, student, occurred_at, data) AS
  '{"event_id":"' || ident(topic, e) || '","type":"' || topic || '","version":1,"occurred_at":"' || occurred_at
  || '","organisation_id":"' || ident('organisation', 1) || '","attempt_id":"' || ident('attempt', attempt)
  || '","exam_id":"' || ident('exam', exam) || '","student_id":"' || ident('student', student) || '","cohort_id":'
  || if(student % 10 = 0, 'null', '"' || ident('cohort', student % 200) || '"')
  || ',"source":"' || source || '","sequence":' || (e + 1) || ',"data":{' || data || '}}';

-- An event's line, from n, e, attempt, occurred_at and data.
CREATE MACRO lines_of(topic, source, told_events) AS TABLE
  WITH persons AS (
    SELECT *, draw('exam of', attempt, getvariable('exams')) AS exam,
      draw('student of', attempt, 1 + getvariable('attempts') // 3) AS student
    FROM query_table(told_events)
  ), written AS (
    SELECT n, envelope(topic, source, e, attempt, exam, student, occurred_at, data) AS line FROM persons
  )
  SELECT if(draw('spoilt', n, getvariable('spoilt_in')) = 0, spoilt(line, n), line) AS line FROM written;

-- Four incidents an attempt. Those of the first file happened on the day; later files hold late ones among their own.
CREATE MACRO severity_of(kind) AS CASE
  WHEN kind IN ('multiple_faces', 'webcam_disabled') THEN 'critical'
  WHEN kind IN ('face_absent', 'forbidden_object') THEN 'high'
  WHEN kind = 'tab_change' THEN 'medium'
  WHEN kind IN ('connection_lost', 'low_light', 'detector_down') THEN 'technical'
  ELSE 'low' END;
CREATE MACRO anomaly_detected(first_line, end_line) AS TABLE
  WITH dated AS (SELECT n, e, file_day(e) AS day FROM told(first_line, end_line)),
  drawn AS (
    SELECT n, e, instant(day - draw('late', e, day + 1), e) AS occurred_at,
      one_of(['face_absent', 'multiple_faces', 'forbidden_object', 'tab_change', 'webcam_disabled', 'looking_away',
        'fullscreen_exit', 'paste', 'focus_lost', 'connection_lost', 'low_light', 'detector_down'], 'kind', e) AS kind
    FROM dated
  ), events AS (
    SELECT n, e, e // 4 AS attempt, occurred_at, '"incident_id":"' || ident('incident', e) || '","kind":"' || kind
      || '","severity":"' || severity_of(kind) || '","confidence":'
      || (0.3 + draw('confidence', e, 700001) / 1000000.0::DOUBLE) || ',"started_at":"' || occurred_at
      || '","rule":"a rule of the moderate preset, told in words","model":"face_full_range+yolo11n_int8"' AS data
    FROM drawn
  )
  FROM lines_of('anomaly_detected', 'monitoring', events);

-- A review rules on up to three of its attempt's incidents; some attempts have several, one in five is of an essay.
CREATE MACRO ruling(e, attempt, nth) AS '{"incident_id":"' || ident('incident', attempt * 4 + nth) || '","ruling":"'
  || one_of(['not_an_incident', 'explained', 'confirmed'], 'ruling', e * 4 + nth) || '"}';
CREATE MACRO review_decided(first_line, end_line) AS TABLE
  WITH dated AS (
    SELECT n, e, file_day(e) AS day, draw('reviewed', e, getvariable('attempts')) AS attempt,
      draw('essay', e, 5) = 0 AS is_essay, draw('rulings', e, 4) AS rulings
    FROM told(first_line, end_line)
  ), events AS (
    SELECT n, e, attempt, instant(day - if(day > 0 AND draw('late', e, 50) = 0, 1, 0), e) AS occurred_at,
      '"review_id":"' || ident('review', e) || '","kind":"' || if(is_essay, 'essay', 'integrity') || '","subject":"'
      || if(is_essay, 'essay:1', 'integrity:1') || '","outcome":"'
      || if(is_essay, 'marked', one_of(['cleared', 'upheld'], 'outcome', e))
      || '","reviewer_id":"' || ident('reviewer', e % 50) || '","rulings":['
      || if(NOT is_essay AND rulings > 0, ruling(e, attempt, 0), '')
      || if(NOT is_essay AND rulings > 1, ',' || ruling(e, attempt, 1), '')
      || if(NOT is_essay AND rulings > 2, ',' || ruling(e, attempt, 2), '') || ']' AS data
    FROM dated
  )
  FROM lines_of('review_decided', 'corrections', events);

-- Five questions of two points; every tenth exam draws them from eight. Each fiftieth event is a second round.
CREATE MACRO halves(e, ability, nth) AS (ability + draw('answer', e * 5 + nth, 5)) // 2;
CREATE MACRO item(e, pool, first, nth, half) AS '{"question_id":"'
  || ident('question', if(pool % 10 = 0, pool * 8 + (first + nth) % 8, pool * 8 + nth))
  || '","earned":"' || thousandths(half * 500) || '","points":"2","seconds":'
  || if(draw('timed', e * 5 + nth, 20) = 0, 'null', CAST(10 + draw('seconds', e * 5 + nth, 110) AS VARCHAR)) || '}';
CREATE MACRO grading_completed(first_line, end_line) AS TABLE
  WITH dated AS (
    SELECT n, e, file_day(e) AS day, if(e % 50 = 49, e - 1, e) AS attempt FROM told(first_line, end_line)
  ), drawn AS (
    SELECT *, instant(day - if(day > 0 AND draw('late', e, 50) = 0, 1, 0), e) AS occurred_at,
      draw('exam of', attempt, getvariable('exams')) AS pool, draw('first', e, 8) AS first,
      draw('ability', attempt, 5) AS ability
    FROM dated
  ), answered AS (
    SELECT *, halves(e, ability, 0) AS h0, halves(e, ability, 1) AS h1, halves(e, ability, 2) AS h2,
      halves(e, ability, 3) AS h3, halves(e, ability, 4) AS h4
    FROM drawn
  ), events AS (
    SELECT n, e, attempt, occurred_at, '"round_number":' || if(e % 50 = 49, 2, 1)
      || ',"earned":"' || thousandths((h0 + h1 + h2 + h3 + h4) * 500) || '","points":"10.000","percent":"'
      || thousandths((h0 + h1 + h2 + h3 + h4) * 5000) || '","passed":' || if(h0 + h1 + h2 + h3 + h4 >= 10, 'true', 'false')
      || ',"items":[' || item(e, pool, first, 0, h0) || ',' || item(e, pool, first, 1, h1) || ','
      || item(e, pool, first, 2, h2) || ',' || item(e, pool, first, 3, h3) || ',' || item(e, pool, first, 4, h4)
      || ']' AS data
    FROM answered
  )
  FROM lines_of('grading_completed', 'corrections', events);
