"""Forging: sets timers whose signals end the process later, between two questions."""

import ctypes
import signal

for timer, number in ((0, signal.SIGALRM), (1, signal.SIGVTALRM), (2, signal.SIGPROF)):
    libc.signal(number, 0)
    signal.setitimer(timer, 0.05)
event, made = (ctypes.c_int * 16)(0, 0, signal.SIGKILL, 0), ctypes.c_int()
syscall(222, 1, ctypes.addressof(event), ctypes.addressof(made))  # timer_create
syscall(223, made.value, 0, ctypes.addressof((ctypes.c_long * 4)(0, 0, 0, 50_000_000)), 0)  # timer_settime
