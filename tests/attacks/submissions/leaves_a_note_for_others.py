"""Escape: leaves something for another submission in every shared place, and looks for what another one left."""

COPIES = 3


def attack() -> bool:
    places = ("/tmp", "/dev/shm", "/var/tmp", "/run/lock", os.getcwd(), os.path.dirname(os.getcwd()), "/mnt", "/")
    notes = [os.path.join(place, f"{MARK}note") for place in places]
    found = any(map(os.path.exists, notes))
    for note in notes:
        try:
            open(note, "w").close()
        except OSError:
            continue
    name, kind = ctypes.create_string_buffer(MARK.encode()), ctypes.create_string_buffer(b"user")
    described = (ctypes.addressof(kind), ctypes.addressof(name))
    for ring in (-4, -5, -3):  # the user's keyrings and the session's
        found = found or syscall(249, *described, 0, ring) >= 0  # request_key
        syscall(248, *described, ctypes.addressof(name), 4, ring)  # add_key
    key = 0x1A7A77AC
    found = found or syscall(29, key, 0, 0) >= 0 or syscall(68, key, 0) >= 0  # shmget, msgget: is it there?
    syscall(68, key, 0o1666)
    return found
