"""Warnings: what is allowed, and yet worth a look."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from raphe.errors import Problem


class WarningName(StrEnum):
    """Names of warnings; stable, so that a script can count on them."""

    #: The same other name stands for two things, and only one of them answers to it.
    DUPLICATE_SYNONYM = "duplicate-synonym"
    #: A class of drugs that is not in the vocabulary: what is alike would not be left out together.
    UNKNOWN_DRUG_CLASS = "unknown-drug-class"
    #: No circuit has a node for anything that the drug binds.
    DRUG_REACHES_NOTHING = "drug-reaches-nothing"
    #: A place without nodes.
    EMPTY_PLACE = "empty-place"
    #: A YAML file in a knowledge folder that nobody reads.
    FILE_NOT_READ = "file-not-read"
    #: A label that does not fit into a drawing.
    LABEL_TOO_LONG = "label-too-long"
    #: A claim without a reference or an assumption.
    NO_EVIDENCE = "no-evidence"
    #: An action that nothing of a target's class can suffer, such as an agonist of a transporter.
    ODD_ACTION = "odd-action"
    #: A node without edges.
    ORPHAN_NODE = "orphan-node"
    #: A family and one of its members that a drug binds with different actions.
    OVERLAPPING_TARGETS = "overlapping-targets"
    #: A text that says of itself that something is to be filled in, as templates do.
    TO_BE_FILLED_IN = "to-be-filled-in"
    #: A reference that is cited though nobody has read any of it.
    UNCHECKED_REFERENCE = "unchecked-reference"
    #: A finding's readout that no circuit has a node for; its verdict is «out of scope».
    UNKNOWN_READOUT = "unknown-readout"
    #: A node of a circuit that stands in none of its places, where no lesion finds it.
    UNPLACED_NODE = "unplaced-node"
    #: A target of a drug that no circuit has a node for.
    UNPLACED_TARGET = "unplaced-target"
    #: A cascade that nothing includes.
    UNUSED_CASCADE = "unused-cascade"
    #: A reference that nothing cites.
    UNUSED_REFERENCE = "unused-reference"


@dataclass(frozen=True, slots=True)
class NamedWarning:
    """A problem that does not stop anything, under the name of its kind.

    Examples
    --------
    >>> print(NamedWarning(WarningName.ORPHAN_NODE, Problem("node 'LC.NE' has no edges.")))
    node 'LC.NE' has no edges. [orphan-node]
    """

    name: WarningName
    problem: Problem

    def __str__(self) -> str:
        return f"{self.problem} [{self.name}]"


#: What a check finds: a problem is an error.
Found = Problem | NamedWarning
