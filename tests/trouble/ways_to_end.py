"""Every way that we know in which a submission can end, stop or cripple its own process: name -> statements.

All of them are its own doing. If one looked like a kill by somebody else, a student who is about to fail could have the
grader blamed for it.
"""

from __future__ import annotations

import signal

IMPORTS = """
import ctypes
import faulthandler
import mmap
import os
import resource
import signal
import socket
import sys
import threading
import time

libc = ctypes.CDLL(None, use_errno=True)


def syscall(number, *arguments):
    return libc.syscall(ctypes.c_long(number), *map(ctypes.c_long, arguments))


def default(number):
    if number not in (signal.SIGKILL, signal.SIGSTOP):
        libc.signal(number, 0)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, [number])


def burn(seconds):
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
"""

SIGNALS = [*range(1, 32), 34, 35, 64]
FATAL = [signal.SIGKILL, signal.SIGTERM, signal.SIGSEGV, signal.SIGXCPU, signal.SIGSYS]

# Numbers of x86_64: where they mean something else, the call is refused or harmless.
BY_SIGNAL = {
    "kill": "default({0}); os.kill(os.getpid(), {0})",
}
BY_FATAL_SIGNAL = {
    "tgkill_by_a_thread": (
        "default({0}); main = threading.get_native_id()\n"
        "threading.Thread(target=lambda: syscall(234, os.getpid(), main, {0})).start()\ntime.sleep(0.02)"
    ),
    "raise_signal": "default({0}); signal.raise_signal({0})",
    "pthread_kill": "default({0}); signal.pthread_kill(threading.get_ident(), {0})",
    "kill_the_group": "default({0}); os.kill(0, {0}); os.killpg(os.getpgrp(), {0})",
    "tkill": "default({0}); syscall(200, threading.get_native_id(), {0})",
    "rt_sigqueueinfo": (
        "default({0}); about = (ctypes.c_int * 32)({0}, 0, -1)\n"
        "syscall(129, os.getpid(), {0}, ctypes.addressof(about))\n"
        "syscall(297, os.getpid(), threading.get_native_id(), {0}, ctypes.addressof(about))"
    ),
    "pidfd_send_signal": "default({0}); signal.pidfd_send_signal(os.pidfd_open(os.getpid()), {0})",
    "timer_create": (
        "default({0}); event, timer = (ctypes.c_int * 16)(0, 0, {0}, 0), ctypes.c_int()\n"
        "syscall(222, 1, ctypes.addressof(event), ctypes.addressof(timer))\n"
        "syscall(223, timer.value, 0, ctypes.addressof((ctypes.c_long * 4)(0, 0, 0, 10_000_000)), 0)\ntime.sleep(0.05)"
    ),
    "owned_descriptor": (
        "import fcntl\ndefault({0}); one, other = socket.socketpair()\n"
        "for owner in (os.getpid(), -os.getpgrp()):\n"
        "    for command, value in ((10, {0}), (8, owner), (4, 0o20000)):\n"
        "        libc.fcntl(one.fileno(), command, value)\n"
        "    syscall(16, one.fileno(), 0x8901, ctypes.addressof(ctypes.c_int(owner)))\n"
        "    syscall(16, one.fileno(), 0x5452, ctypes.addressof(ctypes.c_int(1)))\n"
        "other.send(b'x'); time.sleep(0.02)"
    ),
    "message_queue": (
        "default({0}); queue = libc.mq_open(b'/q', os.O_CREAT | os.O_RDWR, 0o600, None)\n"
        "libc.mq_notify(queue, (ctypes.c_int * 16)(0, 0, {0}, 0)); libc.mq_send(queue, b'x', 1, 0); time.sleep(0.02)"
    ),
    "parents_death": "default({0}); libc.prctl(1, {0}); time.sleep(0.02)",
    "later_by_a_thread": (
        "default({0}); threading.Timer(0.03, lambda: os.kill(os.getpid(), {0})).start(); return 2 * x + 1"
    ),
}
OTHERS = {
    "exit_with_0": "os._exit(0)",
    "exit_as_if_killed": "os._exit(137)",
    "exit_with_a_negative_status": "os._exit(-9)",
    "exit_of_the_main_thread": "syscall(60, 9)",
    "exit_of_all_threads": "syscall(231, 137)",
    "exit_in_a_thread": "threading.Thread(target=os._exit, args=(137,)).start(); time.sleep(0.05)",
    "sys_exit": "sys.exit(137)",
    "abort": "os.abort()",
    "abort_in_c": "libc.abort()",
    "segmentation_fault": "ctypes.string_at(0)",
    "stack_overflow_in_c": "faulthandler._stack_overflow()",
    "division_by_zero_in_c": "faulthandler._sigfpe()",
    "fatal_error_of_python": "faulthandler._fatal_error_c_thread()",
    "illegal_instruction": (
        "page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 7); page.write(bytes([15, 11]))\n"
        "ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()"
    ),
    "trap": (
        "page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 7); page.write(bytes([204]))\n"
        "ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()"
    ),
    "bus_error": (
        "descriptor = os.open('short', os.O_CREAT | os.O_RDWR); os.ftruncate(descriptor, 4096)\n"
        "page = mmap.mmap(descriptor, 4096, mmap.MAP_PRIVATE); os.ftruncate(descriptor, 0); print(page[0])"
    ),
    "call_of_another_architecture": (
        "page = mmap.mmap(-1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS, 7)\n"
        "page.write(bytes([0xB8, 20, 0, 0, 0, 0xCD, 0x80, 0xC3]))\n"
        "ctypes.CFUNCTYPE(None)(ctypes.addressof(ctypes.c_char.from_buffer(page)))()"
    ),
    "call_beyond_the_table": "syscall(0x40000000 | 39); syscall(1 << 29); syscall(-1)",
    "seccomp_strict": "libc.prctl(22, 1, 0, 0, 0); syscall(317, 0, 0, 0); os.getcwd()",
    "seccomp_filter_that_kills": (
        "code = (ctypes.c_uint64 * 1)(0x8000000000000006)\n"
        "program = (ctypes.c_uint64 * 2)(1, ctypes.addressof(code))\n"
        "libc.prctl(38, 1, 0, 0, 0); libc.prctl(22, 2, ctypes.addressof(program), 0, 0)\n"
        "syscall(317, 1, 0, ctypes.addressof(program)); os.getcwd()"
    ),
    "traced_by_its_parent": "syscall(101, 0, 0, 0, 0); default(19); os.kill(os.getpid(), signal.SIGSTOP)",
    "cpu_limit_of_0": "resource.setrlimit(resource.RLIMIT_CPU, (0, 0)); burn(3)",
    "cpu_limit_that_kills": (
        "used = int(time.process_time()) + 1\ndefault(signal.SIGXCPU)\n"
        "resource.setrlimit(resource.RLIMIT_CPU, (used, used)); burn(3)"
    ),
    "cpu_limit_that_kills_later": "resource.setrlimit(resource.RLIMIT_CPU, (1, 1)); burn(0.7); return 2 * x + 1",
    "cpu_limit_that_warns": (
        "default(signal.SIGXCPU); resource.setrlimit(resource.RLIMIT_CPU, (1, resource.getrlimit(0)[1])); burn(3)"
    ),
    "limit_of_real_time": (
        "resource.setrlimit(15, (1000, 1000)); os.sched_setscheduler(0, 1, os.sched_param(1)); burn(1)"
    ),
    "stack_limit": (
        "resource.setrlimit(resource.RLIMIT_STACK, (4096, 4096))\ndef deeper(n): return deeper(n + 1)\ndeeper(0)"
    ),
    "memory_limit_of_0": "resource.setrlimit(resource.RLIMIT_DATA, (0, 0)); bytearray(1 << 28)",
    "address_space_of_0": "resource.setrlimit(resource.RLIMIT_AS, (0, 0)); bytearray(1 << 28)",
    "descriptor_limit_of_0": "resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0)); open('/dev/null')",
    "process_limit_of_0": (
        "resource.setrlimit(resource.RLIMIT_NPROC, (0, 0)); threading.Thread(target=burn, args=(0,)).start()"
    ),
    "file_size_limit_of_0": (
        "default(signal.SIGXFSZ); resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); open('file', 'wb').write(b'x')"
    ),
    "file_size_limit_and_a_file": (
        "default(signal.SIGXFSZ); os.ftruncate(os.open('f', os.O_CREAT | os.O_RDWR), 1 << 50)"
    ),
    "core_dump": "resource.setrlimit(resource.RLIMIT_CORE, (0, 0)); os.abort()",
    "alarm": "default(signal.SIGALRM); libc.alarm(1); libc.pause()",
    "interval_timer": (
        "default(signal.SIGALRM); signal.setitimer(signal.ITIMER_REAL, 0.01); time.sleep(0.05); libc.pause()"
    ),
    "virtual_timer": "default(signal.SIGVTALRM); signal.setitimer(signal.ITIMER_VIRTUAL, 0.01); burn(0.5)",
    "profiling_timer": "default(signal.SIGPROF); signal.setitimer(signal.ITIMER_PROF, 0.01); burn(0.5)",
    "broken_pipe": (
        "default(signal.SIGPIPE); reading, writing = os.pipe(); os.close(reading); libc.write(writing, b'x', 1)"
    ),
    "child_signal_ignored": "libc.signal(signal.SIGCHLD, 1); os.waitpid(-1, 0)",
    "descriptors_closed": "os.closerange(0, 10)",
    "connection_closed": "os.close(3); return 2 * x + 1",
    "connection_shut_down": "socket.socket(fileno=os.dup(3)).shutdown(2)",
    "connection_half_shut_down": "socket.socket(fileno=os.dup(3)).shutdown(1); return 2 * x + 1",
    "connection_replaced": "os.dup2(os.open('/dev/null', os.O_RDWR), 3); return 2 * x + 1",
    "connection_with_rubbish_then_killed": "os.write(3, b'x' * 100); os.kill(os.getpid(), 9); os._exit(9)",
    "memory_error": "raise MemoryError",
    "memory_error_in_earnest": "hoard = []\nwhile True: hoard.append(bytearray(10_000_000))",
    "memory_just_below_the_limit_then_exit": (
        "hoard = []\ntry:\n    while True: hoard.append(bytearray(10_000_000))\nexcept MemoryError: pass\nos._exit(137)"
    ),
    "memory_just_below_the_limit_then_killed": (
        "hoard = []\ntry:\n    while True: hoard.append(bytearray(10_000_000))\n"
        "except MemoryError: pass\nos.kill(os.getpid(), 9); os.abort()"
    ),
    "memory_half_full_then_killed": "hoard = bytearray(100_000_000); os.kill(os.getpid(), 9); os._exit(1)",
    "keyboard_interrupt": "raise KeyboardInterrupt",
    "generator_exit": "raise GeneratorExit",
    "system_exit_at_exit": "import atexit\natexit.register(os._exit, 137); sys.exit(0)",
    "pthread_exit": "libc.pthread_exit(None)",
    "interpreter_finalised": "ctypes.pythonapi.Py_Finalize()",
    "interpreter_exits": "ctypes.pythonapi.Py_Exit(137)",
    "code_unmapped": "libc.munmap(ctypes.c_long(ctypes.addressof(ctypes.c_int()) & ~0xFFFFF), ctypes.c_long(1 << 28))",
    "stack_smashed": "ctypes.memset(ctypes.addressof(ctypes.c_int.from_address(id(x))), 255, 4096)",
    "everything_interrupted": (
        "for number in range(1, 32):\n    if number not in (9, 19):\n        libc.signal(number, 0)\nos.abort()"
    ),
}
# Only where nothing waits for the clock: these cost the whole of a call's wall time.
STOPS = {
    "stop": "os.kill(os.getpid(), signal.SIGSTOP)",
    "stop_of_the_terminal": "default(signal.SIGTSTP); os.kill(os.getpid(), signal.SIGTSTP)",
    "stop_for_good": "while True: libc.pause()",
    "deadlock": "lock = threading.Lock(); lock.acquire(); lock.acquire()",
}


def ways() -> dict[str, str]:
    """All of them. What ends with `return` returns a wrong answer; every other one returns None."""
    found = {f"{name}_{number}": code.format(number) for name, code in BY_SIGNAL.items() for number in SIGNALS}
    for name, code in BY_FATAL_SIGNAL.items():
        found |= {f"{name}_{int(number)}": code.format(int(number)) for number in FATAL}
    return {**found, **OTHERS, **STOPS}


def submission(first: str, second: str) -> str:
    """A submission to the tiny homework that ends in one way when `twice` gets a vector, in another at a number."""
    vector, number = ("".join(f"        {line}\n" for line in code.splitlines()) for code in (first, second))
    return f"{IMPORTS}\n\ndef twice(x):\n    if x.dim():\n{vector}    else:\n{number}"


def at_import(code: str) -> str:
    """The same, as soon as it is imported."""
    body = "".join(f"    {line}\n" for line in code.splitlines())
    return f"{IMPORTS}\n\ndef twice(x):\n{body}\n\ntwice(1)\n"
