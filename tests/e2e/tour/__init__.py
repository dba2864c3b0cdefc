"""The tour of the screens: one walk through the running product, with a visitor who looks at every stop."""
