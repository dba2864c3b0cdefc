"""A frame: the headers of its JPEG, and what its browser says of it."""
