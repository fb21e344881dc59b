"""Reading: asks the kernel for memory of the judge and of its own parent, and tries to trace them."""

import os


def attack() -> bool:
    room = ctypes.create_string_buffer(16)
    piece = (ctypes.c_ulong * 2)(ctypes.addressof(room), 16)
    there = (ctypes.c_ulong * 2)(id(None), 16)
    for pid in (JUDGE, os.getppid()):
        if syscall(310, pid, ctypes.addressof(piece), 1, ctypes.addressof(there), 1, 0) > 0:  # process_vm_readv
            return True
        if syscall(101, 0x4206, pid, 0, 0) == 0:  # ptrace(PTRACE_SEIZE)
            return True
        if syscall(312, os.getpid(), pid, 0, 0, 0) >= 0:  # kcmp
            return True
        if os.path.exists(f"/proc/{pid}/mem"):
            open(f"/proc/{pid}/mem", "rb").close()
            return True
    return False
