"""Whether everything that was seen can be true together on one signed graph, and what if not."""
