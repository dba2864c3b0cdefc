-- What all of DuckDB's jobs begin with: lines are parsed, checked and told apart as spark-jobs/batch/event_check.py does.

CREATE MACRO is_id(word) AS coalesce(regexp_full_match(word, '[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}'), false);
CREATE MACRO is_number(word) AS coalesce(regexp_full_match(word, '-?[0-9]+([.][0-9]+)?([eE][+-]?[0-9]+)?'), false);
CREATE MACRO file_day(path) AS
  CAST(strptime(regexp_extract(path, '/([0-9]{4}/[0-9]{2}/[0-9]{2})/[^/]+$', 1), '%Y/%m/%d') AS DATE);
CREATE MACRO instant(word) AS CAST(try_strptime(word, '%Y-%m-%dT%H:%M:%S.%fZ') AS TIMESTAMP);

-- What is wrong with any event, and not with its data.
CREATE MACRO envelope_is_right(event, topic, happened_at, file_date) AS coalesce(
  event.type = topic AND event.version = 1 AND is_id(event.event_id) AND is_id(event.organisation_id)
  AND is_id(event.attempt_id) AND is_id(event.exam_id) AND is_id(event.student_id)
  AND (event.cohort_id IS NULL OR is_id(event.cohort_id)) AND event.sequence IS NOT NULL
  AND CAST(happened_at AS DATE) BETWEEN file_date - 2 AND file_date, false);

CREATE MACRO lines(files) AS TABLE
  SELECT coalesce(line, '') AS line, json_valid(line) AS is_json, file_day(filename) AS file_date
  FROM read_csv(files, columns = {'line': 'VARCHAR'}, delim = '\x01', quote = '', escape = '', header = false,
    auto_detect = false, filename = true);

-- Counts of a topic's events of the period, from line, file_date, happened_at, is_sound and copy.
CREATE MACRO tally(events, first_day, end_day) AS TABLE
  SELECT count(*) FILTER (file_date >= first_day AND file_date < end_day) AS lines_read,
    count(*) FILTER (file_date >= first_day AND file_date < end_day AND NOT is_sound) AS lines_quarantined,
    count(*) FILTER (is_sound AND happened_at >= first_day AND happened_at < end_day AND copy > 1) AS duplicates,
    count(*) FILTER (is_sound AND happened_at >= first_day AND happened_at < end_day AND copy = 1
      AND file_date > CAST(happened_at AS DATE)) AS late_events
  FROM query_table(events);
CREATE MACRO bad(events, first_day, end_day) AS TABLE
  SELECT line FROM query_table(events) WHERE NOT is_sound AND file_date >= first_day AND file_date < end_day;
