"""What the figures of a report mean, in the words of docs/analytics.md."""

PERIOD = (
    "Period",
    "Days are UTC; weeks go from Sunday to Saturday. Whole weeks and months are shown that have a day of the range.",
)
NOT_COMPUTED = (
    "Not computed yet",
    "The nightly, weekly or monthly job has not run for it. Nothing is known of it; it is not zero.",
)
NOT_COMPLETE = ("Not complete", "Computed before the period was over; what came afterwards is not in it.")
QUARANTINE = (
    "Lines left out",
    "Lines of the event files that were no valid events. They are kept for an operator and are in no figure.",
)
INCIDENTS = (
    ("Confidence", "Mean confidence of the detection, 0 to 1."),
    (
        "Reviewed, cleared",
        "Incidents whose attempt has an integrity decision, and those whose last one cleared it, with their share.",
    ),
    (
        "Ruled on, false positives",
        "Incidents that a reviewer ruled on one by one, and those ruled to be none, with their share.",
    ),
)
SCORES = (
    ("Score", "Points earned in the last marking round of the week, in per cent of the attempt's points."),
    (
        "Attempts",
        "Marked sittings that count: one for each student, exam and week, by the exam's rule (best, last or first).",
    ),
    (
        "Pass rate",
        "Share of marked attempts that passed. An attempt that is marked again in a later week counts in both.",
    ),
)
ITEMS = (
    (
        "Alpha",
        "Cronbach's alpha, the reliability of the whole exam; none where attempts do not share all questions.",
    ),
    ("Difficulty", "Mean share of a question's points that was earned; 1 is easy."),
    (
        "Discrimination",
        "Correlation of a question's score with the rest of the score, -1 to 1; below 0.2 a question tells little.",
    ),
    ("Several weeks", "A question's figures over several weeks are means of the weeks, weighted by answers."),
)
TREND = (
    "Trend",
    "The mean's change against the period before, in percentage points; none where that one has no result.",
)
WITHHELD = (
    "Not released yet",
    "A month with a result that is not released to the student has no figures for them.",
)
SUPPRESSED = (
    "Suppressed",
    "A cohort with fewer than five students in a month has no figures: they would tell about single people.",
)
FRESHNESS = (PERIOD, NOT_COMPUTED, NOT_COMPLETE, QUARANTINE)
