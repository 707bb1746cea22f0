"""Addresses of references: made of identifiers, never taken from a file."""

from __future__ import annotations

from urllib.parse import quote


def doi_link(doi: str) -> str:
    """Where a digital object identifier resolves.

    Examples
    --------
    >>> doi_link("10.1016/S0893-133X(98)00046-3")
    'https://doi.org/10.1016/S0893-133X(98)00046-3'
    >>> doi_link('10.1000/"><script>')
    'https://doi.org/10.1000/%22%3E%3Cscript%3E'
    """
    return f"https://doi.org/{quote(doi, safe='/()._;:-')}"


def pubmed_link(pmid: str) -> str:
    """Where PubMed shows a record.

    Examples
    --------
    >>> pubmed_link("11422448")
    'https://pubmed.ncbi.nlm.nih.gov/11422448/'
    """
    return f"https://pubmed.ncbi.nlm.nih.gov/{quote(pmid, safe='')}/"
