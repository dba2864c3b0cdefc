"""What every object store keeps, and what stands on one, on a real HDFS."""

from tests.contracts.test_compaction import (
    test_a_day_that_is_joined_twice_stays_as_it_is,
    test_a_run_that_broke_off_is_finished_by_the_next,
    test_bad_lines_stay_and_are_counted_once,
    test_small_objects_become_one_with_each_event_once,
    test_what_comes_late_is_joined_too,
)
from tests.contracts.test_object_store import (
    test_a_deleted_object_is_gone,
    test_a_folder_is_no_object,
    test_a_list_holds_what_lies_below_a_folder,
    test_a_name_is_a_folder_or_an_object,
    test_a_stream_is_stored_whole_and_replaces,
    test_a_write_that_breaks_off_leaves_the_old_object,
    test_an_empty_object_is_an_object,
    test_an_object_comes_back_whole_and_in_ranges,
    test_an_unsafe_name_is_refused,
    test_nothing_is_swept_that_is_an_object,
)
from tests.contracts.test_quarantine import (
    test_what_comes_again_is_there_once,
    test_what_is_kept_says_where_it_stood_and_why,
)

__all__ = [
    "test_a_day_that_is_joined_twice_stays_as_it_is",
    "test_a_deleted_object_is_gone",
    "test_a_folder_is_no_object",
    "test_a_list_holds_what_lies_below_a_folder",
    "test_a_name_is_a_folder_or_an_object",
    "test_a_run_that_broke_off_is_finished_by_the_next",
    "test_a_stream_is_stored_whole_and_replaces",
    "test_a_write_that_breaks_off_leaves_the_old_object",
    "test_an_empty_object_is_an_object",
    "test_an_object_comes_back_whole_and_in_ranges",
    "test_an_unsafe_name_is_refused",
    "test_bad_lines_stay_and_are_counted_once",
    "test_nothing_is_swept_that_is_an_object",
    "test_small_objects_become_one_with_each_event_once",
    "test_what_comes_again_is_there_once",
    "test_what_comes_late_is_joined_too",
    "test_what_is_kept_says_where_it_stood_and_why",
]
