"""Calculations of the experimental protocols: binding, microdialysis, PET.

Import the modules by their full path; :mod:`raphe.assay.catalogue` lists the calculations.
"""
