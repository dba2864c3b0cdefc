"""Fine-tuning YOLO on people's own pictures; runs in the reference environment, where Ultralytics is."""
