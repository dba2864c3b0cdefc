"""Adapters of the ports: SQL, files, mail, memory."""
