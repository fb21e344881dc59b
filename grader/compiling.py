"""Compiles what strangers wrote. Whatever keeps Python from it is a SyntaxError, with a line where one can be found.

Besides saying that a source is not valid, Python can run out of its own stack or of memory, compute without end, or
crash. So sources are compiled in a worker, which is confined, or by this file run as a program, which takes nothing
down with it. It imports little, because it is started for each notebook.
"""

from __future__ import annotations

import sys
import time
import warnings
from types import CodeType

CPU_S = 3  # for one source. Honest cells need milliseconds; the kernel counts whole seconds
MEMORY_MB = 1024  # a million characters of short statements take 600
TOO_LONG = "it takes Python too long to compile"
TOO_LARGE = "it takes Python too much memory to compile"
CRASHES = "it makes Python crash"
CRASH_SIGNALS = ("SIGSEGV", "SIGBUS", "SIGABRT", "SIGILL", "SIGFPE")
_LARGE_MB = 100  # what takes more was stopped by a limit of memory, and not by Python's own of nesting
_ONLY_AST = 0x400  # ast.PyCF_ONLY_AST: importing `ast` takes longer than to compile a notebook
_SHOWN_CHARS = 100  # of a line, which is as a rule a very long one
_SEARCHED_CHARS = 200_000
_LONG_TOKENS = 50  # the fewest with which a line alone is too much
_CONTINUES = ("elif", "else", "except", "finally")  # at the beginning of a line: of the statement above
SIZE_BYTES = 4


def compiled(source: str, filename: str) -> CodeType:
    """The code of a module. Raises SyntaxError, whatever the reason is; its `lineno` is 0 where no line can be told."""
    before = _peak_mb()
    try:
        return compile(source, filename, "exec", dont_inherit=True)
    except SyntaxError as error:
        if error.lineno is not None:
            raise
        line, reason = _line_of(source, source.find("\0")), error.msg
    except UnicodeEncodeError as error:
        line, reason = _line_of(source, error.start), "half a character, which no text has"
    except (RecursionError, MemoryError) as error:
        if isinstance(error, MemoryError) and _peak_mb() - before > _LARGE_MB:
            line, reason = 0, TOO_LARGE  # no line is looked for: there may be no memory left to look
        else:
            line, reason = deep_line(source), "it is nested too deeply for Python"
    except Exception as error:  # a null byte before Python 3.11.4; whatever else a compiler may meet
        line, reason = _line_of(source, source.find("\0")), f"{type(error).__name__}: {error}"
    raise SyntaxError(reason, (filename, line, 0, source.split("\n")[line - 1][:_SHOWN_CHARS] if line else ""))


def deep_line(source: str) -> int:
    """The line of what is nested too deeply: of an expression, or else of the statement. 0 if it cannot be found."""
    if line := _deep_alone(source):
        return line
    if len(source) > _SEARCHED_CHARS:
        return 0
    lines = source.split("\n")
    tops, longs = _statements(source)
    for first, last in longs:
        if _line_is_deep("\n".join(lines[first - 1 : last])):
            return first
    for first, after in zip(tops, [*tops, len(lines) + 1][1:], strict=True):
        if _is_deep("\n".join(lines[first - 1 : after - 1])):
            return first
    return 0


def _deep_alone(source: str) -> int:
    """The longest line, if it is nested too deeply by itself, which nearly always is all that is wrong; or else 0."""
    lines = source.split("\n")
    longest = max(range(len(lines)), key=lambda at: len(lines[at]))
    return longest + 1 if _line_is_deep(lines[longest]) else 0


def _statements(source: str) -> tuple[list[int], list[tuple[int, int]]]:
    """Where top-level statements begin, and from where to where long lines go that brackets or backslashes continue."""
    import io
    import tokenize

    tops: list[int] = []
    spans: list[tuple[int, int, int]] = []
    depth = first = count = 0
    decorated = False
    try:
        for token in tokenize.generate_tokens(io.StringIO(source).readline):
            if token.type in (tokenize.INDENT, tokenize.DEDENT):
                depth += 1 if token.type == tokenize.INDENT else -1
            elif token.type not in (tokenize.NL, tokenize.COMMENT, tokenize.NEWLINE, tokenize.ENDMARKER):
                if not count:
                    first = token.start[0]
                    if depth == 0 and not decorated and token.string not in _CONTINUES:
                        tops.append(first)
                    decorated = depth == 0 and token.string == "@"
                count += 1
            elif token.type == tokenize.NEWLINE:
                spans.append((count, first, token.end[0]))
                count = 0
    except (tokenize.TokenError, SyntaxError):
        pass  # what came before it has been seen
    longs = sorted((span for span in spans if span[0] >= _LONG_TOKENS), reverse=True)
    return tops, [(first, last) for _, first, last in longs[:10]]


def _line_is_deep(line: str) -> bool:
    """Whether a line is too deep wherever it stands: in a function, as the head of a block, after an `if`."""
    text = line.strip().removeprefix("el")
    return any(_is_deep(f"def f():\n {form}") for form in (text, f"{text} pass"))


def _is_deep(text: str) -> bool:
    try:
        compile(text, "", "exec", dont_inherit=True)
    except (RecursionError, MemoryError):
        return True
    except Exception:  # a part of a source need not be valid
        pass
    return False


def _line_of(source: str, at: int) -> int:
    return source.count("\n", 0, at) + 1 if at >= 0 else 0


def _peak_mb() -> float:
    """The most memory that this program has had. `getrusage` also counts what the process was before it became it."""
    try:
        with open("/proc/self/status", "rb") as status:
            return int(status.read().partition(b"VmHWM:")[2].split()[0]) / (1 << 10)
    except (OSError, IndexError):  # not Linux, or /proc is not there
        pass
    try:
        import resource
    except ImportError:  # Windows
        return 0.0
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def _answer(source: str) -> str:
    """The line (0 if none), the seconds that it took, and what is wrong ("" if nothing)."""
    started, line, fault = time.process_time(), 0, ""
    try:  # noqa: SIM105 (contextlib takes longer to import than this takes altogether)
        compile(source, "<cell>", "exec", _ONLY_AST, dont_inherit=True)  # what the asker will do
    except Exception:
        pass  # said below, with a line
    try:
        compiled(source, "<cell>")
    except SyntaxError as error:
        line, fault = error.lineno or 0, error.msg
    return f"{line} {time.process_time() - started:.3f} {fault}"


def serve() -> None:
    """Answers for each source that comes, until no more come. A source on which this process dies has no answer."""
    # What is on the edge for Python shall not be taken here and fail where it is used, with a deeper stack.
    sys.setrecursionlimit(700)
    warnings.simplefilter("ignore")
    while size := sys.stdin.buffer.read(SIZE_BYTES):
        source = sys.stdin.buffer.read(int.from_bytes(size, "little")).decode("utf-8", "surrogatepass")
        _limit()
        answer = _answer(source).encode("utf-8", "replace")
        sys.stdout.buffer.write(len(answer).to_bytes(SIZE_BYTES, "little") + answer)
        sys.stdout.buffer.flush()


def _limit() -> None:
    """Limits what the next source may take; the kernel ends this process when it takes more."""
    try:
        import resource
    except ImportError:
        return
    wanted = {resource.RLIMIT_CPU: int(time.process_time()) + CPU_S, resource.RLIMIT_CORE: 0}
    if sys.platform == "linux":
        wanted[resource.RLIMIT_AS] = MEMORY_MB << 20
    for limit, soft in wanted.items():
        hard = resource.getrlimit(limit)[1]
        resource.setrlimit(limit, (soft if hard < 0 else min(soft, hard), hard))


if __name__ == "__main__":
    serve()
