"""Classes of drugs: a closed vocabulary, so that no near-copy of a drug stands in another class.

A drug is of one class or of several ('TCA and NRI'); what stands in a bracket behind a class is a
subclass, and free: 'antipsychotic (D2 partial agonist)'.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

#: Each class, and what belongs to it. Partial agonists stand with the agonists, inverse agonists
#: with the antagonists, subtypes of a receptor with the receptor, as long as they act alike.
DRUG_CLASSES: Mapping[str, str] = MappingProxyType(
    {
        "SSRI": "selective inhibitors of SERT",
        "SNRI": "inhibitors of SERT and NET",
        "NRI": "inhibitors of NET, tricyclic ones too",
        "NDRI": "inhibitors of NET and DAT",
        "DAT inhibitor": "inhibitors of DAT",
        "monoamine uptake inhibitor": "inhibitors of SERT, NET and DAT",
        "TCA": "tricyclic antidepressants",
        "MAOI": "inhibitors of monoamine oxidase, of either form or both",
        "NaSSA": "antagonists at α2 and 5-HT2, tetracyclic",
        "SARI": "antagonists at 5-HT2 that inhibit SERT",
        "antipsychotic": "antipsychotics and their metabolites",
        "mood stabiliser": "lithium, valproate and their like",
        "monoamine releaser": "releasers of dopamine, noradrenaline or serotonin",
        "VMAT2 inhibitor": "inhibitors of vesicular uptake",
        "precursor": "precursors of monoamines",
        "synthesis inhibitor": "inhibitors of TH or TPH",
        "COMT inhibitor": "inhibitors of COMT",
        "5-HT1A agonist": "agonists and partial agonists at 5-HT1A",
        "5-HT1A antagonist": "antagonists at 5-HT1A",
        "5-HT1B agonist": "agonists at 5-HT1B or 5-HT1D",
        "5-HT1B antagonist": "antagonists at 5-HT1B or 5-HT1D",
        "5-HT2 agonist": "agonists at 5-HT2A, not selective for 5-HT2C",
        "5-HT2 antagonist": "antagonists at 5-HT2A, and at several 5-HT receptors",
        "5-HT2C agonist": "agonists at 5-HT2C",
        "5-HT2C antagonist": "antagonists at 5-HT2C or 5-HT2B",
        "5-HT3 antagonist": "antagonists at 5-HT3",
        "5-HT4 agonist": "agonists and partial agonists at 5-HT4",
        "5-HT6 agonist": "agonists at 5-HT6",
        "5-HT6 antagonist": "antagonists at 5-HT6",
        "5-HT7 antagonist": "antagonists at 5-HT7",
        "α1 agonist": "agonists at α1",
        "α1 antagonist": "antagonists at α1",
        "α2 agonist": "agonists and partial agonists at α2",
        "α2 antagonist": "antagonists at α2",
        "β agonist": "agonists at β",
        "β antagonist": "antagonists and weak partial agonists at β",
        "D1 agonist": "agonists and partial agonists at D1",
        "D1 antagonist": "antagonists at D1",
        "D2 agonist": "agonists at D2 or D3, ergolines and apomorphine too",
        "D2 antagonist": "antagonists at D2 or D3 that are no antipsychotics in use",
        "NMDA antagonist": "channel blockers and antagonists of NMDA receptors",
        "AMPA antagonist": "antagonists of AMPA receptors",
        "GABA-A agonist": "agonists at GABA-A",
        "GABA-A antagonist": "antagonists at GABA-A",
        "GABA-A modulator": "benzodiazepines and their like",
        "GABA-B agonist": "agonists at GABA-B",
        "muscarinic agonist": "agonists at muscarinic receptors",
        "muscarinic antagonist": "antagonists at muscarinic receptors",
        "nicotinic agonist": "agonists and partial agonists at nicotinic receptors",
        "acetylcholinesterase inhibitor": "inhibitors of acetylcholinesterase",
        "opioid agonist": "agonists and partial agonists at μ",
        "opioid antagonist": "antagonists at opioid receptors",
        "adenosine antagonist": "antagonists at A1 or A2A",
        "H1 antagonist": "antagonists at H1",
        "H3 inverse agonist": "inverse agonists and antagonists at H3",
        "melatonin agonist": "agonists at melatonin receptors",
        "PDE4 inhibitor": "inhibitors of phosphodiesterase 4",
        "adenylyl cyclase activator": "activators of adenylyl cyclase",
    }
)


def drug_classes(text: str) -> tuple[str, ...]:
    """The classes that a drug's file names, without their subclasses.

    Examples
    --------
    >>> drug_classes("TCA (secondary amine) and NRI")
    ('TCA', 'NRI')
    """
    plain = re.sub(r"\s*\([^)]*\)", "", text)
    return tuple(part.strip() for part in plain.split(" and ") if part.strip())
