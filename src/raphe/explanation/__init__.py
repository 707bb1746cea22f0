"""Why a node changes: exact accounts of one answer, by target, path, loop and edge."""
