"""The review's server: one page, its data, and pictures. For this machine alone; `guard.py` says who may ask."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import uvicorn
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from grader.book.rows import LONGEST_TEXT
from grader.book.store import BookError, MarkedMeanwhile
from grader.errors import GraderError
from grader.review.desk import Desk, Kind, Save, Unknown
from grader.review.drawing import Unreadable
from grader.review.guard import LARGEST_BODY, PAGE, Guard
from grader.review.place import HOST, Place

Model = TypeVar("Model", bound=BaseModel)
WEB = Path(__file__).parent / "web"
FILES = {
    "review.css": "text/css",
    "review.js": "text/javascript",
    "saving.js": "text/javascript",
    "page.js": "text/javascript",
}


class _Open(BaseModel):
    model_config = ConfigDict(extra="forbid")
    answer: str
    page: str


class _Next(BaseModel):
    model_config = ConfigDict(extra="forbid")
    after: str
    kind: Kind
    page: str


def application(desk: Desk, place: Place) -> ASGIApp:
    """The review as an application of Starlette's, behind its guard."""
    html = _page(desk)
    files = {name: (WEB / name).read_bytes() for name in FILES}

    def page(request: Request) -> Response:
        return Response(html, media_type="text/html", headers={"Content-Security-Policy": PAGE})

    def file(request: Request) -> Response:
        name = request.path_params["name"]
        if name not in files:
            return _wrong(404, "There is no such file.")
        return Response(files[name], media_type=FILES[name])

    def start(request: Request) -> Response:
        return _told(desk.start)

    def changes(request: Request) -> Response:
        since = request.query_params.get("since", "")
        return _told(lambda: desk.changes(int(since) if since.isdecimal() and len(since) < 19 else -1))

    def answer(request: Request) -> Response:
        return _told(lambda: desk.answer(request.path_params["answer"]))

    def figure(request: Request) -> Response:
        where = request.path_params
        return _picture(lambda: desk.figure(where["answer"], where["number"]))

    def document(request: Request) -> Response:
        where = request.path_params
        return _told(lambda: desk.document(where["answer"], where["number"]))

    def sheet(request: Request) -> Response:
        where = request.path_params
        return _picture(lambda: desk.page(where["answer"], where["number"], where["page"]))

    async def open(request: Request) -> Response:
        asked = await _body(request, _Open)
        return asked if isinstance(asked, Response) else await _threaded(lambda: desk.open(asked.answer, asked.page))

    async def following(request: Request) -> Response:
        asked = await _body(request, _Next)
        if isinstance(asked, Response):
            return asked
        return await _threaded(lambda: desk.next(asked.after, asked.kind, asked.page))

    async def save(request: Request) -> Response:
        asked = await _body(request, Save)
        return asked if isinstance(asked, Response) else await run_in_threadpool(_saved, desk, asked)

    run = f"/run/{desk.run}"  # another submission may have this figure tomorrow, and browsers keep what they fetched
    routes = [
        Route("/", page),
        Route("/favicon.ico", lambda request: Response(status_code=204)),
        Route("/static/{name}", file),
        Route("/api/start", start),
        Route("/api/changes", changes),
        Route("/api/open", open, methods=["POST"]),
        Route("/api/next", following, methods=["POST"]),
        Route("/api/save", save, methods=["POST"]),
        Route("/answer/{answer}", answer),
        Route(f"{run}/answer/{{answer}}/figure/{{number:int}}", figure),
        Route(f"{run}/answer/{{answer}}/document/{{number:int}}", document),
        Route(f"{run}/answer/{{answer}}/document/{{number:int}}/page/{{page:int}}", sheet),
    ]
    return Guard(Starlette(routes=routes), place)


def serve(desk: Desk, place: Place, ready: Callable[[], None]) -> None:
    """Serves until it is told to end. Raises `GraderError` when the port is taken."""
    config = uvicorn.Config(
        application(desk, place),
        host=HOST,
        port=place.port,
        log_level="warning",
        access_log=False,
        server_header=False,
        date_header=False,
        proxy_headers=False,
        ws="none",
        lifespan="off",
        timeout_graceful_shutdown=2,
    )
    try:
        socket = config.bind_socket()
    except SystemExit:
        raise GraderError(
            f"Port {place.port} is taken. This review may be running already: open {place.address}. "
            'Otherwise choose another port: ARGS="--port 8123".'
        ) from None
    server = uvicorn.Server(config)
    ready()
    server.run(sockets=[socket])


def _page(desk: Desk) -> str:
    made = Environment(loader=FileSystemLoader(WEB), undefined=StrictUndefined, autoescape=True)
    return made.get_template("page.html.jinja").render(title=desk.setup.title, longest=LONGEST_TEXT)


def _told(ask: Callable[[], dict[str, Any]]) -> Response:
    """What the desk says as JSON; what it refuses, with the reason."""
    try:
        return JSONResponse(ask())
    except Unknown as error:
        return _wrong(404, str(error))
    except Unreadable as why:
        return JSONResponse({"unreadable": str(why)})  # no error: the page says so in place of it
    except BookError as error:
        return _wrong(503, str(error))


async def _threaded(ask: Callable[[], dict[str, Any]]) -> Response:
    return await run_in_threadpool(_told, ask)


def _picture(ask: Callable[[], bytes]) -> Response:
    try:
        return Response(ask(), media_type="image/png", headers={"Cache-Control": "private, max-age=3600"})
    except Unknown as error:
        return _wrong(404, str(error))
    except Unreadable as why:
        return JSONResponse({"unreadable": str(why)})


def _saved(desk: Desk, asked: Save) -> Response:
    try:
        try:
            return JSONResponse(desk.save(asked))
        except MarkedMeanwhile as error:
            return JSONResponse({"wrong": str(error), "current": desk.current(asked.answer, error.given)}, 409)
    except Unknown as error:
        return _wrong(404, str(error))
    except ValueError as error:
        return _wrong(422, str(error))
    except BookError as error:
        return _wrong(503, str(error))


async def _body(request: Request, model: type[Model]) -> Model | Response:
    """What a page sent; an answer that says what is wrong with it where it is not of this form."""
    data = bytearray()
    async for chunk in request.stream():
        data += chunk
        if len(data) > LARGEST_BODY:
            return _wrong(413, "That is too much at once.")
    try:
        return model.model_validate_json(bytes(data))
    except ValidationError as error:
        return _wrong(422, "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()))


def _wrong(status: int, why: str) -> Response:
    return JSONResponse({"wrong": why}, status)
