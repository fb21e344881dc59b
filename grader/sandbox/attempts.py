"""What a hostile submission would try, as probes: `doctor` runs this file's text in a worker and reports what worked.

Every function tries one thing and returns what it got hold of, or lets the exception out. None of them does damage
where it succeeds.
"""

from __future__ import annotations

import ctypes
import errno
import os
import socket
import subprocess
import threading
import time


def connect_by_tcp(port: int) -> str:
    with socket.create_connection(("127.0.0.1", port), 2):
        return "connected"


def send_by_udp(port: int) -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
        sender.sendto(b"x", ("127.0.0.1", port))
    return "sent"


def connect_by_unix_socket(path: str) -> str:
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(path.replace("@", "\0", 1))
    return "connected"


def read_file(path: str) -> str:
    with open(path, "rb") as file:
        return f"read {len(file.read(100))} bytes"


def list_folder(path: str) -> str:
    return f"found {len(os.listdir(path))} entries"


def write_file(path: str) -> str:
    with open(path, "wb") as file:
        file.write(b"x")
    return "written"


def read_environment(name: str) -> str:
    return f"found {len(os.environ[name])} characters"


def read_environment_of(pid: int) -> str:
    return read_file(f"/proc/{pid}/environ")


def fork_a_process() -> int:
    pid = os.fork()
    if pid == 0:
        time.sleep(60)
        os._exit(0)
    return pid


def run_a_program() -> str:
    return subprocess.run(["/bin/echo", "ran"], capture_output=True, text=True, check=True).stdout.strip()


def signal_process(pid: int) -> str:
    os.kill(pid or os.getppid(), 0)
    return "may be signalled"


def trace_process(pid: int) -> str:
    libc = ctypes.CDLL(None, use_errno=True)
    attach, detach = 16, 17
    pid = pid or os.getppid()
    if libc.ptrace(attach, pid, None, None) != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    os.waitpid(pid, 0x40000000)  # until it has stopped: only then it can be let go
    libc.ptrace(detach, pid, None, None)
    return "traced"


def read_memory_of(pid: int) -> str:
    class Piece(ctypes.Structure):
        _fields_ = (("base", ctypes.c_void_p), ("size", ctypes.c_size_t))

    libc = ctypes.CDLL(None, use_errno=True)
    room = ctypes.create_string_buffer(8)
    # An address that exists in the fork server, since this process is its copy; in another Python perhaps.
    local, remote = Piece(ctypes.addressof(room), 8), Piece(id(None), 8)
    count = libc.process_vm_readv(pid or os.getppid(), ctypes.byref(local), 1, ctypes.byref(remote), 1, 0)
    if count < 0 and ctypes.get_errno() != errno.EFAULT:  # no such address there: but it was allowed to look
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))
    return f"read {max(0, count)} bytes"


def take_memory(megabytes: int) -> str:
    held = [bytearray(b"x" * (1 << 20)) for _ in range(megabytes)]
    return f"held {len(held)} MB"


def share_memory(megabytes: int) -> str:
    import mmap

    with mmap.mmap(-1, megabytes << 20) as memory:
        for at in range(0, len(memory), 4096):
            memory[at] = 1
    return f"held {megabytes} MB"


def compute() -> None:
    while True:
        pass


def sleep() -> None:
    time.sleep(600)


def fill_scratch(megabytes: int) -> str:
    for number in range(megabytes // 4):
        with open(f"piece{number}", "wb") as file:
            file.write(b"x" * (4 << 20))
    time.sleep(1)  # where a folder is measured only now and then
    return f"kept {megabytes} MB"


def start_threads(count: int) -> str:
    release = threading.Event()
    threads = [threading.Thread(target=release.wait, daemon=True) for _ in range(count)]
    try:
        for thread in threads:
            thread.start()
    finally:
        release.set()
    return f"started {count} threads"


def open_files(count: int) -> str:
    held = [os.open("/dev/null", os.O_RDONLY) for _ in range(count)]
    for file in held:
        os.close(file)
    return f"opened {len(held)} files"


def leave_a_file(name: str) -> list[str]:
    """Where a file with this name could be written: the judge then asks a fresh worker for it."""
    written = []
    for folder in (os.getcwd(), "/tmp", "/dev/shm", "/var/tmp"):
        path = os.path.join(folder, name)
        try:
            write_file(path)
        except OSError:
            continue
        written.append(path)
    return written


def exists(path: str) -> bool:
    return os.path.exists(path)
