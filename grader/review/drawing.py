"""A process that reads what strangers wrote, and nothing else: Markdown, formulas, pictures, PDFs, notebooks.

    python -m grader.review.drawing < question > answer        both in msgpack; `drawn.py` starts it

A picture may unpack to gigabytes, a formula may overflow a parser's stack, and a PDF may know a fault of its reader. So
each is read here, behind limits of memory and time, without files and without a network where the system can do that,
and the process ends after one answer. What it may die of costs one picture, not the page.
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import io
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgpack

from grader.sandbox.shut_in import shut_in

MEMORY_MB, CPU_S = 1_000, 8.0
MOST_PIXELS = 60_000_000  # of a picture before it is made smaller
WIDEST, HIGHEST = 1_600, 6_000  # pixels, of what is shown
PAGE_WIDTH = 1_100
MOST_PAGES = 40
MOST_TEXT = 20_000  # characters of one page, or one output
MOST_CELLS, MOST_OUTPUTS = 2_000, 60
LONGEST_SOURCE, LONGEST_NOTEBOOK = 100_000, 400_000  # characters of one cell, and of all together
LONGEST_NAME = 300
FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP")


class Unreadable(Exception):
    """What was asked for cannot be shown; the message says why."""


def picture(question: Mapping[str, Any]) -> dict[str, Any]:
    """A picture, decoded and written anew as PNG: nothing of the file itself reaches a browser."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # ours is below, and is no warning
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(question["data"]), formats=FORMATS) as image:
                if image.width * image.height > MOST_PIXELS:
                    raise Unreadable(f"it has {image.width:,} × {image.height:,} pixels, which is too much to show")
                image.draft("RGB", (WIDEST, HIGHEST))
                image.thumbnail((WIDEST, HIGHEST))
                return _as_png(image.convert("RGBA" if image.has_transparency_data else "RGB"))
    except UnidentifiedImageError:
        raise Unreadable("it is no picture that can be read (PNG, JPEG, GIF, WebP or BMP)") from None
    except (OSError, ValueError, SyntaxError, EOFError) as error:
        raise Unreadable(f"it is damaged ({error})") from None


def _as_png(image: Any) -> dict[str, Any]:
    file = io.BytesIO()
    image.save(file, "PNG", compress_level=3)
    return {"png": file.getvalue(), "width": image.width, "height": image.height}


def pdf(question: Mapping[str, Any]) -> dict[str, Any]:
    """How many pages a PDF has, and the text of each. Scripts in it are not run: this reader has no engine for them."""
    with _opened(question["data"]) as document:
        count = len(document)
        texts = []
        for number in range(min(count, MOST_PAGES)):
            page = document[number]
            texts.append(page.get_textpage().get_text_range()[:MOST_TEXT])
            page.close()
        return {"pages": count, "texts": texts}


def page(question: Mapping[str, Any]) -> dict[str, Any]:
    """One page of a PDF as a picture. `page` counts from 0."""
    with _opened(question["data"]) as document:
        sheet = document[question["page"]]
        width, height = sheet.get_size()
        if not (0 < width < 100_000 and 0 < height < 100_000):
            raise Unreadable("its pages have no size that can be shown")
        scale = min(PAGE_WIDTH / width, HIGHEST / height)
        return _as_png(sheet.render(scale=scale, may_draw_forms=False).to_pil().convert("RGB"))


@contextlib.contextmanager
def _opened(data: bytes) -> Iterator[Any]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"it is no PDF that can be read ({error})") from None
    try:
        yield document
    except pypdfium2.PdfiumError as error:
        raise Unreadable(f"it is damaged ({error})") from None
    finally:
        document.close()


def notebook(question: Mapping[str, Any]) -> dict[str, Any]:
    """The cells of a notebook: (kind, source, cut, outputs, attachments). Of outputs, text and PNG.

    `cut` says that the source is longer. Who asked looks through what is left, so there is an end to it.
    """
    try:
        found = _parsed(question["data"].removeprefix(b"\xef\xbb\xbf").decode("utf-8", "replace"))
    except Exception as error:  # of whatever kind nbformat meets a strange file with
        raise Unreadable(f"it is no notebook that can be read ({type(error).__name__})") from None
    cells, left, letters = [], MOST_OUTPUTS, LONGEST_NOTEBOOK
    for cell in _list(found.get("cells"))[:MOST_CELLS]:
        outputs = list(_outputs(cell))[:left]
        left -= len(outputs)
        source = _text(cell.get("source"))
        kept = source[: min(LONGEST_SOURCE, letters)]
        letters -= len(kept)
        cells.append(
            {
                "kind": _text(cell.get("cell_type"))[:LONGEST_NAME],
                "source": kept,
                "cut": len(kept) < len(source),
                "outputs": outputs,
                "attachments": dict(_attachments(cell)),
            }
        )
    return {"cells": cells}


def _parsed(text: str) -> Mapping[str, Any]:
    """A notebook of version 4. It is not compared with the format's schema: damaged ones are read as far as they go."""
    from nbformat import converter, reader

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        found: Mapping[str, Any] = reader.reads(text)
        return found if found["nbformat"] >= 4 else converter.convert(found, 4)


def _outputs(cell: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for output in _list(cell.get("outputs")):
        data = _object(output.get("data"))
        if png := _decoded(data.get("image/png")):
            yield {"png": png}
        elif text := _text(output.get("text") or data.get("text/plain")):
            yield {"text": text[:MOST_TEXT]}
        elif output.get("output_type") == "error":
            yield {"text": f"{_text(output.get('ename'))}: {_text(output.get('evalue'))}"[:MOST_TEXT]}


def _attachments(cell: Mapping[str, Any]) -> Iterator[tuple[str, bytes]]:
    for name, kinds in _object(cell.get("attachments")).items():
        for kind in ("image/png", "image/jpeg", "image/gif"):
            if data := _decoded(_object(kinds).get(kind)):
                yield str(name)[:LONGEST_NAME], data


def _decoded(text: Any) -> bytes:
    try:
        return base64.b64decode(_text(text), validate=False)
    except (binascii.Error, ValueError):
        return b""


def _list(value: Any) -> list[Mapping[str, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _object(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: Any) -> str:
    if isinstance(value, list):
        value = "".join(map(str, value))
    return value if isinstance(value, str) else ""


def markdown(question: Mapping[str, Any]) -> dict[str, Any]:
    """Markdown as HTML that is safe within a page; see `markdown.py`."""
    from grader.review.markdown import html_of

    formulas = {key: question[key] for key in ("formulas",) if key in question}
    return {
        "html": html_of(question["source"], question["folder"], question["pictures"], question["prefix"], **formulas)
    }


TASKS: Mapping[str, Callable[[Mapping[str, Any]], dict[str, Any]]] = {
    task.__name__: task for task in (picture, pdf, page, notebook, markdown)
}


def prepared(task: str) -> None:
    """Imports what a task needs, while files can still be opened."""
    if task in ("picture", "page"):
        from PIL import Image

        Image.preinit()
        Image.init()
    if task in ("pdf", "page"):
        import pypdfium2

        pypdfium2.PdfDocument.new().close()
    if task == "page":
        import numpy  # noqa: F401
    if task == "notebook":
        _parsed('{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": []}')
        _parsed('{"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [{"cells": [], "metadata": {}}]}')
    if task == "markdown":
        from grader.review.markdown import html_of

        html_of("# a $x$\n\n| b |\n|---|\n| c |\n", "", {}, "/")


def main() -> None:
    """One question in, one answer out."""
    question = msgpack.unpackb(sys.stdin.buffer.read(), raw=False)
    output = os.fdopen(os.dup(1), "wb")
    prepared(question["task"])
    standing = shut_in(CPU_S, MEMORY_MB)
    try:
        answer = {**TASKS[question["task"]](question), "walls": standing}
    except Unreadable as why:
        answer = {"unreadable": str(why)[:300], "walls": standing}
    output.write(msgpack.packb(answer))
    output.flush()
    os._exit(0)  # nothing that was read gets to say how this process ends


if __name__ == "__main__":
    main()
