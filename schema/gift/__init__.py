"""GIFT, Moodle's text format for questions, as its documentation describes it, read into our question kinds."""
