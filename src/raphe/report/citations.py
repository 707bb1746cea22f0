"""Numbers the sources of a report as it cites them, and keeps its assumptions."""

from __future__ import annotations

from collections.abc import Mapping

from raphe.evidence import Evidence, EvidenceList, Reference
from raphe.report.content import Assumed, Cited, Sources
from raphe.report.wording import capital


class Citations:
    """What a report rests on, collected while it is told.

    Examples
    --------
    >>> from raphe.evidence import Evidence
    >>> paper = Reference(title="On the α2 autoreceptor", authors="Doe J", year=2001)
    >>> cited = Citations({"doe-2001": paper})
    >>> cited.cite((Evidence(ref="doe-2001", where="Table 1"),), "A → B")
    (1,)
    >>> cited.references[0].uses
    ('A → B (Table 1)',)
    """

    def __init__(self, known: Mapping[str, Reference]) -> None:
        self._known = known
        #: By id, the claims by what the source says of them and where; in order of first citation.
        self._uses: dict[str, dict[tuple[str, str], list[str]]] = {}
        self._claims: dict[str, list[str]] = {}

    def cite(self, evidence: EvidenceList, claim: str) -> Sources:
        """The numbers of what a claim rests on; its assumptions are kept too.

        Parameters
        ----------
        evidence
            As declared; what is peer reviewed is numbered first, whatever is declared first.
        claim
            What it is evidence of, in a few words.
        """
        numbers = set()
        for item in sorted(evidence, key=self._rank):
            if item.assumption:
                _add(self._claims.setdefault(item.assumption, []), claim)
                continue
            uses = self._uses.setdefault(item.ref, {})
            numbers.add(list(self._uses).index(item.ref) + 1)
            _add(uses.setdefault((item.where, item.says), []), claim)
        return tuple(sorted(numbers))

    def _rank(self, item: Evidence) -> bool:
        """Where it stands within a claim: papers and reviews first, each group as declared."""
        source = self._known.get(item.ref)
        return source is None or not source.kind.is_peer_reviewed

    @property
    def references(self) -> tuple[Cited, ...]:
        """What was cited, in order of first citation."""
        return tuple(
            Cited(number, name, self._known.get(name), tuple(_use(*key) for key in uses.items()))
            for number, (name, uses) in enumerate(self._uses.items(), 1)
        )

    @property
    def assumptions(self) -> tuple[Assumed, ...]:
        """What was assumed, in order of first use."""
        return tuple(Assumed(capital(text), tuple(claims)) for text, claims in self._claims.items())


def _use(said: tuple[str, str], claims: list[str]) -> str:
    where, says = said
    place = f" ({where})" if where else ""
    return f"{', '.join(claims)}{place}{f': {says}' if says else ''}"


def _add(texts: list[str], text: str) -> None:
    if text not in texts:
        texts.append(text)
