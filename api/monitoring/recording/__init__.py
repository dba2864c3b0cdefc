"""An attempt's frames as a video: where they stand in time, and the pictures in few large parts."""
