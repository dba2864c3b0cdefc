"""An attempt's recording: its frames as a video in the lake."""
