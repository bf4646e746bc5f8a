"""The one root of every refusal: a code plus facts, said in the reader's language at the door.

Comes in: a code and its facts. Goes out: an exception whose sentence is ``error.<code>`` of the text files.
Must not know: which room raises it.
"""

from __future__ import annotations

from collections.abc import Sequence

from xingu_geo.ground.base.say import DEFAULT_LANG, Lang, say


class XinguError(Exception):
    """Something a person can put right: ``code`` names the sentence, ``facts`` fill it.

    Examples
    --------
    >>> print(XinguError("unknown_project", project="fab13", known="fab12, fab8").sentence("en"))
    There is no project type 'fab13'; known types: fab12, fab8.
    """

    def __init__(self, code: str, /, **facts: object) -> None:
        super().__init__(code, facts)
        self.code = code
        self.facts = facts

    def sentence(self, lang: Lang = DEFAULT_LANG) -> str:
        """One sentence: what, where, what next."""
        return say(f"error.{self.code}", lang, **self.facts)

    def __str__(self) -> str:
        return self.sentence("en")


class Complaints(XinguError):
    """Several refusals of one input, collected before raising; its sentence is the first, with a count of the rest."""

    def __init__(self, complaints: Sequence[XinguError]) -> None:
        if not complaints:
            raise ValueError("complaints need at least one complaint")
        self.complaints = tuple(complaints)
        super().__init__(complaints[0].code, **complaints[0].facts)

    def sentence(self, lang: Lang = DEFAULT_LANG) -> str:
        """The first complaint, and how many more there are."""
        first = self.complaints[0].sentence(lang)
        more = len(self.complaints) - 1
        return say("complaints.more", lang, first=first, more=more) if more else first


def raise_all(complaints: Sequence[XinguError]) -> None:
    """Raise what was collected: nothing, the one complaint, or all of them together."""
    if len(complaints) == 1:
        raise complaints[0]
    if complaints:
        raise Complaints(complaints)
