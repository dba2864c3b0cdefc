"""Answers: what is asked and recorded about those that came late."""
