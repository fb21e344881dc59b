"""Exhaustion: raises its own limits, and lowers those of the judge."""

import resource


def attack() -> bool:
    won = False
    for name in ("RLIMIT_CPU", "RLIMIT_AS", "RLIMIT_DATA", "RLIMIT_NOFILE", "RLIMIT_FSIZE", "RLIMIT_CORE"):
        limit = getattr(resource, name)
        try:
            resource.setrlimit(limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
            won = won or resource.getrlimit(limit)[1] == resource.RLIM_INFINITY
        except (OSError, ValueError) as error:
            print(error)
    pair = (ctypes.c_uint64 * 2)(4096, 4096)
    # prlimit64: asks only, but of another process
    return won or syscall(302, JUDGE, 7, 0, ctypes.addressof(pair)) == 0
