"""Nothing is kept shorter than appeals and holds need, nor than the institution wants unless an admin says so."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from schema.exam import ExamPolicy, RetentionPolicy
from schema.policy_check import too_short_kept
from schema.retention import HOLD_GRACE, grace_of, kept_for
from schema.settings import Settings

DAY = timedelta(days=1)
spans = st.integers(0, 400).map(lambda days: days * DAY)


@given(spans, spans, spans, spans)
def test_every_class_is_kept_until_appeals_and_holds_had_their_time(
    appeal: timedelta, media: timedelta, features: timedelta, log: timedelta
) -> None:
    policy = ExamPolicy(
        appeal_window=appeal, retention=RetentionPolicy(media=media, features=features, decision_log=log)
    )
    kept = kept_for(policy)

    for name in RetentionPolicy.model_fields:
        assert getattr(kept, name) >= max(appeal, HOLD_GRACE) == grace_of(policy)
        assert getattr(kept, name) in {getattr(policy.retention, name), grace_of(policy)}


def test_below_the_institutions_minimum_each_class_is_named() -> None:
    least = Settings(_env_file=None).retention_least
    short = ExamPolicy(retention=RetentionPolicy(media=DAY, features=DAY, decision_log=DAY))

    assert too_short_kept(ExamPolicy(), least) == []
    assert [pointer for pointer, _ in too_short_kept(short, least)] == [
        "/policy/retention/media",
        "/policy/retention/features",
        "/policy/retention/decision_log",
    ]
    assert too_short_kept(short, dict.fromkeys(least, DAY)) == []
