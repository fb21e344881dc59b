"""Escape: opens sockets that other submissions could connect to, and reconnects the pair that it may have."""

import socket


def attack() -> bool:
    for family, address in ((socket.AF_INET, ("127.0.0.1", 0)), (socket.AF_UNIX, "\0" + MARK), (socket.AF_UNIX, MARK)):
        try:
            socket.socket(family).bind(address)
            return True
        except OSError as error:
            print(error)
    ours, _ = socket.socketpair()
    try:
        ours.listen()
        return True
    except OSError:
        return False
