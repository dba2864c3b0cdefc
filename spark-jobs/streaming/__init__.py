"""The streaming job: events from Kafka to the lake as they come."""
