"""Further sittings, from where they are given to the student who is told of them."""
