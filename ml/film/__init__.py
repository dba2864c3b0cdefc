"""Films: an attempt's pictures as a video file that ordinary players play."""
