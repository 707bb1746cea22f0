"""What all tests share."""

from hypothesis import settings

# Machines that run tests are busy with others: time is measured in benchmarks/, not here.
settings.register_profile("raphe", deadline=None)
settings.load_profile("raphe")
