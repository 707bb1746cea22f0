"""What can be wrong between files that are each right by themselves; one kind of file a module."""
