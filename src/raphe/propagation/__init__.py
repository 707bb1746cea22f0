"""From a perturbation to the changes that it brings about."""
