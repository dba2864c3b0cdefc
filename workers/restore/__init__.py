"""After a restore: what is numbered on, which mails are not sent again, and what is written about it."""
