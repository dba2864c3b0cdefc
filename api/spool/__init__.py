"""The spool of an API node: what it accepted from streams and keeps durable until it is uploaded and analysed."""
