"""The incident engine: records in, incidents out. Pure and deterministic: no clock, no files, no models."""
