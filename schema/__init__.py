"""The shape of everything that crosses a border, and the pure rules on those shapes."""
