"""What a claim rests on: a paper, a document, or an assumption with its reason."""

from __future__ import annotations

from enum import StrEnum
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, GetJsonSchemaHandler, model_validator
from pydantic_core import CoreSchema


class Declared(BaseModel):
    """Base of everything that a knowledge file declares: frozen, and closed to unknown keys."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        populate_by_name=True,
        str_strip_whitespace=True,
        # Most commands need few of the models; each is built when it is first used.
        defer_build=True,
    )


class Checked(StrEnum):
    """What was read of a source before it was cited."""

    NO = "no"
    RECORD = "record"
    ABSTRACT = "abstract"
    FULL_TEXT = "full text"


class ReferenceKind(StrEnum):
    """What kind of source a reference is; `paper` and `review` are peer reviewed."""

    PAPER = "paper"
    REVIEW = "review"
    TEXTBOOK = "textbook"
    DATABASE = "database"
    LABEL = "label"
    VENDOR = "vendor"
    WEB = "web"
    DOCUMENT = "document"

    @property
    def is_peer_reviewed(self) -> bool:
        """Whether others have seen its data before it was printed.

        Examples
        --------
        >>> [kind.value for kind in ReferenceKind if kind.is_peer_reviewed]
        ['paper', 'review']
        """
        return self in (ReferenceKind.PAPER, ReferenceKind.REVIEW)


class Reference(Declared):
    """A source: who, what, where, and how much of it was read.

    Examples
    --------
    >>> Reference(title="On the α2 autoreceptor", authors="Doe J", year=2001).citation
    'Doe J (2001)'
    """

    title: str = Field(min_length=1)
    authors: str = ""
    year: int | None = Field(default=None, ge=1800, le=2100)
    journal: str = ""
    #: PubMed identifier; only where it was found.
    pmid: str | None = Field(default=None, pattern=r"^\d{1,8}$")
    #: Digital object identifier without a resolver; only where it was found.
    doi: str | None = Field(default=None, pattern=r"^10\.\d{4,9}/\S+$")
    checked: Checked = Checked.NO
    kind: ReferenceKind = ReferenceKind.PAPER
    note: str = ""

    @property
    def citation(self) -> str:
        """Authors and year, as in running text."""
        who = self.authors or self.title
        return f"{who} ({self.year})" if self.year else who


class Evidence(Declared):
    """One reason to believe a claim: a place in a reference, or an assumption.

    Examples
    --------
    >>> Evidence.model_validate("szabo-2001")
    Evidence(ref='szabo-2001', where='', says='', assumption='', against=False)
    """

    #: Id of a reference.
    ref: str = ""
    #: Table, figure or section of the reference.
    where: str = ""
    #: What the reference says, in our words.
    says: str = ""
    #: Why the claim is made although no source was found.
    assumption: str = ""
    #: Whether it speaks against the claim.
    against: bool = False

    @model_validator(mode="before")
    @classmethod
    def _from_id(cls, data: Any) -> Any:
        return {"ref": data} if isinstance(data, str) else data

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        if bool(self.ref) == bool(self.assumption):
            raise ValueError(
                "evidence is either a reference or an assumption; "
                "write {ref: its id} or {assumption: the reason}, and both as two items"
            )
        return self

    @classmethod
    def __get_pydantic_json_schema__(
        cls, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        """Say that a bare reference id is as good as the mapping."""
        written_out = handler(schema)
        return {"anyOf": [{"type": "string", "description": "id of a reference"}, written_out]}


#: A claim's evidence, in the order in which it was declared.
EvidenceList = tuple[Evidence, ...]
