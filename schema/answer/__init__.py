"""Answers: where and until when they are taken."""
