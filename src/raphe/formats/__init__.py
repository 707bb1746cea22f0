"""Reading and writing, one module a format; nothing of a format is known elsewhere."""
