"""Whether the face in the exam is the one at check-in: embeddings in memory, distances for the rule, nothing stored."""
