"""The HTTP interface: thin routers of six parts over the databases and the workflows."""
