"""Who may ask a review's server anything: pages of its own, in a browser that was shown the token.

The server listens on this machine alone. That keeps out other machines, and neither other users nor web pages that this
browser has open: a page anywhere can send requests here, and a name that it owns can lead here (DNS rebinding).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders, QueryParams
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from grader.review.place import HOST, Place

PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), clipboard-read=()",
    "Cache-Control": "no-store",
}
LARGEST_BODY = 2_000_000
READS = ("GET", "HEAD")


@dataclass(frozen=True)
class Guard:
    """Refuses whatever is not from the review's own page, and puts the headers on all that goes out."""

    app: ASGIApp
    place: Place

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        answer = self._instead(scope)

        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Content-Security-Policy", NOTHING)
            await send(message)

        await (answer or self.app)(scope, receive, sending)

    def _instead(self, scope: Scope) -> Response | None:
        """What is answered in place of what was asked for; None where that may be answered."""
        headers = Headers(scope=scope)
        hosts = [f"{name}:{self.place.port}" for name in (HOST, "localhost")]
        if headers.getlist("host") not in [[host] for host in hosts]:
            return _refused("This is not the address of the review. Open the one that the terminal shows.")
        origin, site = headers.get("origin"), headers.get("sec-fetch-site", "same-origin")
        if origin is not None and origin not in [f"http://{host}" for host in hosts]:
            return _refused("Another site asked for this.")
        reading = scope["method"] in READS
        if not reading and (origin is None or headers.get("content-type") != "application/json"):
            return _refused("Only the review's own page may save.")
        if site not in ("same-origin", "none") or (site == "none" and not reading):
            # A link in the terminal or a bookmark has "none"; what another page starts has "cross-site".
            return _refused("Another site asked for this. Open the address that the terminal shows yourself.")
        if not headers.get("content-length", "0").isdecimal() or int(headers.get("content-length", "0")) > LARGEST_BODY:
            return _refused("That is too much at once.")
        given = QueryParams(scope["query_string"]).get("token", "")
        if scope["path"] == "/" and reading and same(given, self.place.token):
            answer = RedirectResponse("/", 303)
            answer.set_cookie(
                cookie_name(self.place), cookie_of(self.place), httponly=True, samesite="strict", path="/"
            )
            return answer
        if not any(same(each, cookie_of(self.place)) for each in _cookies(headers, cookie_name(self.place))):
            return _refused("Open the address that the terminal shows: it holds what lets you in.")
        return None


def cookie_name(place: Place) -> str:
    """Browsers send a cookie to all ports of a host, so its name has the port."""
    return f"review-{place.port}"


def cookie_of(place: Place) -> str:
    """What the cookie holds: it follows from the token, and not the other way round."""
    return hmac.new(place.token.encode(), b"cookie of a review", hashlib.sha256).hexdigest()


def same(given: str, wanted: str) -> bool:
    """Whether two secrets are the same, in a time that does not say how far they agree."""
    return hmac.compare_digest(given.encode(), wanted.encode())


def _cookies(headers: Headers, name: str) -> list[str]:
    """The values of this name. Other programs of this machine set cookies, too, in whatever form."""
    pairs = [each.strip().partition("=") for header in headers.getlist("cookie") for each in header.split(";")]
    return [value for called, _, value in pairs if called == name]


def _refused(why: str) -> Response:
    return PlainTextResponse(f"{why}\n", 403)
