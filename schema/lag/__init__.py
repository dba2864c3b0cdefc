"""How far detection is behind: one definition for every screen, gauge and alert."""
