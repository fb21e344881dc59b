"""Reading: opens the secret files by openat2, by a file handle, by io_uring and by an x32 system call."""


def attack() -> bool:
    for path in CANARIES:
        text = ctypes.create_string_buffer(path.encode())
        how = (ctypes.c_uint64 * 3)(0, 0, 0)
        handle = ctypes.create_string_buffer(b"\x80\0\0\0" + bytes(256))
        mount = ctypes.c_int()
        if syscall(437, -100, ctypes.addressof(text), ctypes.addressof(how), 24) >= 0:  # openat2
            return True
        if syscall(303, -100, ctypes.addressof(text), ctypes.addressof(handle), ctypes.addressof(mount), 0) == 0:
            if syscall(304, -100, ctypes.addressof(handle), 0) >= 0:  # open_by_handle_at
                return True
    if syscall(425, 4, ctypes.addressof(ctypes.create_string_buffer(256))) >= 0:  # io_uring_setup
        return True
    return syscall(0x40000000 | 2, ctypes.addressof(text), 0) >= 0  # open, by the x32 numbers
