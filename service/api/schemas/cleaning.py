"""JSON of what cleaning cut, and of how sure it was."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Annotated, Self

from pydantic import BaseModel, Field

from service.cleaning import Cut
from service.cleaning.report import CleaningReport


class CutBody(BaseModel):
    """A line that cleaning removed, and why."""

    rule: Annotated[str, Field(examples=["advertisement"])]
    text: Annotated[str, Field(examples=["Advertisement"])]
    line: Annotated[int, Field(description="Counted from 0.", examples=[4])]
    because: Annotated[
        tuple[str, ...],
        Field(
            description="The sentence of the rule; then, if the classifier decided,"
            " the features that weighed most.",
            examples=[["It marks an advertisement or paid material."]],
        ),
    ]


class CutsBody(BaseModel):
    """Every line that cleaning removed, in order."""

    cuts: list[CutBody]

    @classmethod
    def of(cls, cuts: Iterable[Cut]) -> Self:
        """Return the JSON of cuts."""
        return cls(cuts=[CutBody(**asdict(cut)) for cut in cuts])


class CleaningBody(BaseModel):
    """How sure cleaning was, and how many lines it cut."""

    confidence: Annotated[
        float | None,
        Field(
            description="How surely, from 0 to 1, what is read is the"
            " complete article and nothing else; null if it is not recorded.",
            examples=[0.41],
        ),
    ]
    doubts: Annotated[
        tuple[str, ...],
        Field(
            description="What lowers the confidence.",
            examples=[["Most of the text was cut."]],
        ),
    ]
    cut_count: Annotated[
        int | None,
        Field(
            description="Lines that are not read; `links.cuts` lists them.  Null if it"
            " is not recorded.",
            examples=[12],
        ),
    ]

    @classmethod
    def summary(cls, report: CleaningReport | None) -> "CleaningBody":
        """Return the JSON that summarises a report."""
        if report is None:
            return CleaningBody(confidence=None, doubts=(), cut_count=None)
        return CleaningBody(
            confidence=report.confidence,
            doubts=report.doubts,
            cut_count=len(report.cuts),
        )
