"""An answer as HTML that is safe within our page: no script, nothing from elsewhere, and nothing taken out unseen.

What could not be laid out is shown as it was typed, and the page shows the typed text of everything on demand.
"""

from __future__ import annotations

from collections.abc import Callable
from html import escape
from typing import Any

from grader.review.answers import Answer, Document, Figure, Markdown, Part, Plain
from grader.review.drawing import Unreadable
from grader.text import clean

Drawn = Callable[..., dict[str, Any]]  # `drawn.drawn`, or what stands for it in tests
LONGEST_PLAIN = 100_000


def shown(answer: Answer, place: str, draw: Drawn) -> str:
    """The HTML of an answer. Its figures are at `place`/figure/<number>, PDFs at `place`/document/<number>."""
    found = [_part(part, place, draw) for part in answer.parts]
    if answer.beside:
        figures = "".join(_figure(each, place) for each in answer.beside)
        count = len(answer.beside)
        found.append(
            f"<details open><summary>{count} figure{'s' * (count > 1)} that no text shows</summary>{figures}</details>"
        )
    return "\n".join(found)


def laid_out(text: str, draw: Drawn) -> str:
    """A text of ours that has no figures."""
    return _laid_out(Markdown(text, "", own=text), "", draw)


def typed(answer: Answer) -> str:
    """All text of an answer as it was typed, as HTML."""
    texts = [part for part in answer.parts if isinstance(part, Markdown | Plain)]
    return "\n".join(f"<p class='file'>{escape(part.file)}</p>{_letters(part.source)}" for part in texts)


def _part(part: Part, place: str, draw: Drawn) -> str:
    match part:
        case Markdown():
            return f'<div class="written">{_laid_out(part, place, draw)}</div>'
        case Plain(source, file):
            return f"<p class='file'>{escape(file)}</p>{_letters(source)}"
        case Figure():
            return _figure(part, place)
        case Document():
            return _pages(part, place)


def _laid_out(part: Markdown, place: str, draw: Drawn) -> str:
    """Markdown laid out; without its formulas if one of them breaks the reader, and as typed if the text does."""
    question = {
        "source": part.own,
        "folder": part.folder,
        "pictures": dict(part.figures),
        "prefix": f"{place}/figure/",
    }
    try:
        return str(draw("markdown", **question)["html"])
    except Unreadable:
        pass
    if "$" in part.own:
        try:
            html = draw("markdown", **question, formulas=False)["html"]
            return f"<p class='remark'>A formula could not be read, so all are shown as they were typed.</p>{html}"
        except Unreadable:
            pass
    return f"<p class='remark'>This text could not be laid out. It is shown as it was typed.</p>{_letters(part.own)}"


def _letters(source: str) -> str:
    return f"<pre>{escape(clean(source, LONGEST_PLAIN))}</pre>"


def _figure(figure: Figure, place: str) -> str:
    name = escape(figure.name, quote=True)
    return (
        f'<figure><img src="{place}/figure/{figure.number}" alt="figure {name}" loading="lazy">'
        f"<figcaption>{name}</figcaption></figure>"
    )


def _pages(document: Document, place: str) -> str:
    """Where the page puts the pages, once it knows how many there are."""
    name = escape(document.name, quote=True)
    return f'<section class="pdf" data-pages="{place}/document/{document.number}" aria-label="{name}"></section>'
