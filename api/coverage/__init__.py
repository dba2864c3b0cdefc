"""How much of attempts was watched, for every screen and interface that says so."""
