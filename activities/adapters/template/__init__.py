"""The words of mails and notifications: one catalogue per language, one layout for text and one for HTML."""
