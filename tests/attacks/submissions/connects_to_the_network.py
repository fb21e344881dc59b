"""Escape: connects by TCP, UDP, a name server, and a unix socket with and without a file."""

import socket


def attack() -> bool:
    ways = (
        lambda: socket.create_connection(("127.0.0.1", PORT), 1),
        lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"x", ("127.0.0.1", PORT)),
        lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM).connect(("::1", PORT)),
        lambda: socket.getaddrinfo("example.org", 80),
        lambda: socket.socket(socket.AF_UNIX).connect(SOCKET_FILE),
        lambda: socket.socket(socket.AF_UNIX).connect("\0" + SOCKET_NAME),
        lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(b"x", "\0" + SOCKET_NAME),
        lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW),
    )
    for way in ways:
        try:
            way()
        except OSError as error:
            print(error)
            continue
        return True
    return False
