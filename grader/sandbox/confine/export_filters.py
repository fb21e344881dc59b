"""Writes the seccomp filters: `python -m grader.sandbox.confine.export_filters`.

Needs libseccomp and the package pyseccomp. The compiled filters are part of the repository, so that grading needs
neither; a test compiles them again and compares.

The filter is an allow list: a call that nobody thought of does not exist (ENOSYS). What is refused on purpose answers
EPERM, which Python raises as PermissionError, so that a student who starts a process reads an ordinary error.
"""

from __future__ import annotations

import errno
import os
import signal
from pathlib import Path

from grader.sandbox.confine.seccomp import OWN_PID

FILES = """
    read write readv writev pread64 pwrite64 preadv pwritev open openat close close_range lseek stat fstat lstat
    newfstatat statx statfs fstatfs access faccessat faccessat2 readlink readlinkat getdents getdents64 getcwd chdir
    fchdir mkdir mkdirat rmdir unlink unlinkat rename renameat renameat2 link linkat symlink symlinkat umask
    ftruncate fallocate fadvise64 readahead fsync fdatasync sendfile
    copy_file_range dup dup2 dup3 flock pipe pipe2
"""
MEMORY = "brk munmap mprotect mremap madvise msync mincore mlock munlock membarrier get_mempolicy"
TIME = """
    clock_gettime clock_getres clock_nanosleep nanosleep gettimeofday time times getitimer setitimer alarm
"""
PROCESS = """
    getpid gettid getppid getpgrp getpgid getsid getuid geteuid getgid getegid getgroups getresuid getresgid
    getpriority uname sysinfo getrusage getrlimit getcpu exit exit_group set_tid_address set_robust_list rseq futex
    futex_waitv sched_yield sched_getaffinity sched_getparam sched_getscheduler sched_get_priority_max
    sched_get_priority_min wait4 waitid getrandom restart_syscall
"""
SIGNALS = "rt_sigaction rt_sigprocmask rt_sigreturn rt_sigsuspend rt_sigpending rt_sigtimedwait sigaltstack pause"
WAITING = """
    poll ppoll select pselect6 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 eventfd
    eventfd2
"""
# On the socket to the judge and on socket pairs, which asyncio makes. No other socket can come into being.
SOCKETS = "recvfrom recvmsg sendmsg shutdown getsockopt setsockopt getsockname getpeername"

ALLOWED = " ".join((FILES, MEMORY, TIME, PROCESS, SIGNALS, WAITING, SOCKETS)).split()

REFUSED = """
    fork vfork execve execveat socket bind listen accept accept4 connect ptrace process_vm_readv process_vm_writev
    kcmp pidfd_open pidfd_getfd pidfd_send_signal tkill rt_sigqueueinfo rt_tgsigqueueinfo mount umount2 pivot_root
    chroot unshare setns setuid setgid setreuid setregid setresuid setresgid setgroups setfsuid setfsgid capset
    chown fchown lchown fchownat mknod mknodat setsid setpgid setpriority sched_setaffinity sched_setscheduler
    sched_setparam shmget shmat shmctl semget semop semctl msgget msgsnd msgrcv msgctl mq_open memfd_create keyctl
    truncate add_key request_key bpf perf_event_open userfaultfd io_uring_setup personality
"""
# What the standard library expects from a file system without the feature.
NOT_SUPPORTED = """
    getxattr lgetxattr fgetxattr listxattr llistxattr flistxattr setxattr lsetxattr fsetxattr removexattr
    lremovexattr fremovexattr
"""

# Landlock does not cover these, so a worker that shares its user with whoever grades could lock or touch their files.
# In a scratch folder nobody misses what they do, but shutil.copy() would fail if they were refused.
WITHOUT_EFFECT = "chmod fchmod fchmodat fchmodat2 utimensat utime utimes futimesat"

# Of fcntl: all but the commands that name an owner, to whom the kernel would then send a signal of the caller's choice.
F_DUPFD_TO_F_SETLKW, F_OFD_LOCKS = range(8), range(36, 39)
F_DUPFD_CLOEXEC, F_SETPIPE_SZ, F_GETPIPE_SZ = 1030, 1031, 1032
FCNTL = (*F_DUPFD_TO_F_SETLKW, *F_OFD_LOCKS, F_DUPFD_CLOEXEC, F_SETPIPE_SZ, F_GETPIPE_SZ)

# What a process may send to itself: how programs break off, and what nobody else would use to end or stop them.
# SIGKILL, SIGTERM and their like are not among them, so that such an end is known to have come from outside.
OWN_SIGNALS = (
    *(0, signal.SIGILL, signal.SIGTRAP, signal.SIGABRT, signal.SIGBUS, signal.SIGFPE, signal.SIGUSR1, signal.SIGSEGV),
    *(signal.SIGUSR2, signal.SIGPIPE, signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF, signal.SIGSYS, signal.SIGURG),
    *(signal.SIGCHLD, signal.SIGWINCH, 32, 33, 34),  # the last three: the C library's own, for its threads
)
SIGNALS_END = 65
RLIMIT_CPU, RLIMITS_END = 0, 16

CLONE_THREAD = 0x00010000
CLONE_NEW_NAMESPACES = 0x7E020000
MAP_SHARED, MAP_ANONYMOUS = 0x01, 0x20
AF_UNIX, SOCK_TYPE_MASK, SOCK_STREAM = 1, 0xF, 1
TERMINAL_QUESTIONS = {
    "TCGETS": 0x5401,
    "TIOCGWINSZ": 0x5413,
    "FIONREAD": 0x541B,
    "FIONBIO": 0x5421,
    "FIONCLEX": 0x5450,
    "FIOCLEX": 0x5451,
}
PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_SET_VMA = 15, 16, 3, 0x53564D41
ARCH_GET_XCOMP_SUPP, ARCH_GET_XCOMP_PERM, ARCH_REQ_XCOMP_PERM = 0x1021, 0x1022, 0x1023


def compiled(machine: str) -> bytes:
    """The filter for `x86_64` or `aarch64` as BPF instructions, with `OWN_PID` where the process number belongs."""
    import pyseccomp as seccomp

    arch = {"x86_64": seccomp.Arch.X86_64, "aarch64": seccomp.Arch.AARCH64}[machine]
    rules = seccomp.SyscallFilter(seccomp.ERRNO(errno.ENOSYS))
    if not rules.exist_arch(arch):
        rules.add_arch(arch)
    for other in (seccomp.Arch.X86_64, seccomp.Arch.AARCH64):
        if other != arch and rules.exist_arch(other):
            rules.remove_arch(other)
    rules.set_attr(seccomp.Attr.ACT_BADARCH, seccomp.KILL_PROCESS)
    rules.set_attr(seccomp.Attr.CTL_OPTIMIZE, 2)  # a binary tree: every call of the worker passes through here

    def allow(name: str, *conditions: seccomp.Arg) -> None:
        rules.add_rule(seccomp.ALLOW, name, *conditions)

    def equal(index: int, value: int) -> seccomp.Arg:
        return seccomp.Arg(index, seccomp.EQ, value)

    def masked(index: int, mask: int, value: int) -> seccomp.Arg:
        return seccomp.Arg(index, seccomp.MASKED_EQ, mask, value)

    for name in ALLOWED:
        allow(name)
    for name in REFUSED.split():
        rules.add_rule(seccomp.ERRNO(errno.EPERM), name)
    for name in WITHOUT_EFFECT.split():
        rules.add_rule(seccomp.ERRNO(0), name)
    for name in NOT_SUPPORTED.split():
        rules.add_rule(seccomp.ERRNO(errno.ENOTSUP), name)

    # Threads, not processes. clone3 keeps its flags where no filter can read them; without it the C library uses clone.
    allow("clone", masked(0, CLONE_THREAD | CLONE_NEW_NAMESPACES, CLONE_THREAD))
    rules.add_rule(seccomp.ERRNO(errno.EPERM), "clone", masked(0, CLONE_THREAD, 0))
    # Shared memory without a file is memory that RLIMIT_DATA does not count.
    allow("mmap", masked(3, MAP_SHARED, 0))
    allow("mmap", masked(3, MAP_ANONYMOUS, 0))
    rules.add_rule(
        seccomp.ERRNO(errno.EPERM), "mmap", masked(3, MAP_SHARED | MAP_ANONYMOUS, MAP_SHARED | MAP_ANONYMOUS)
    )
    # Signals to itself only, and not every one; abort() and raise() need that.
    for name, argument in (("kill", 1), ("tgkill", 2)):
        rules.add_rule(seccomp.ERRNO(errno.EPERM), name, seccomp.Arg(0, seccomp.NE, OWN_PID))
        for number in range(SIGNALS_END):
            action = seccomp.ALLOW if number in OWN_SIGNALS else seccomp.ERRNO(errno.EPERM)
            rules.add_rule(action, name, equal(0, OWN_PID), equal(argument, number))
    # Its own limits: they can only go down. That of CPU time stays, or the kernel would send SIGKILL when asked to.
    for limit in range(RLIMITS_END):  # the kernel looks at 32 bits of the number
        unchanged = [equal(2, 0)] if limit == RLIMIT_CPU else []
        allow("prlimit64", equal(0, 0), masked(1, 0xFFFFFFFF, limit), *unchanged)
    rules.add_rule(
        seccomp.ERRNO(errno.EPERM), "prlimit64", equal(0, 0), equal(1, RLIMIT_CPU), seccomp.Arg(2, seccomp.NE, 0)
    )
    # Streams only: a datagram socket could be sent from to any address.
    allow("socketpair", equal(0, AF_UNIX), masked(1, SOCK_TYPE_MASK, SOCK_STREAM))
    allow("sendto", equal(4, 0))
    for command in FCNTL:
        allow("fcntl", masked(1, 0xFFFFFFFF, command))
    for request in TERMINAL_QUESTIONS.values():
        allow("ioctl", masked(1, 0xFFFFFFFF, request))
    for option in (PR_SET_NAME, PR_GET_NAME, PR_GET_DUMPABLE, PR_SET_VMA):
        allow("prctl", equal(0, option))
    for code in (ARCH_GET_XCOMP_SUPP, ARCH_GET_XCOMP_PERM, ARCH_REQ_XCOMP_PERM):
        allow("arch_prctl", equal(0, code))
    return _exported(rules)


def _exported(rules: object) -> bytes:
    reading, writing = os.pipe()
    with os.fdopen(reading, "rb") as result:
        with os.fdopen(writing, "wb") as file:
            rules.export_bpf(file)  # type: ignore[attr-defined]
        return result.read()


def main() -> None:
    for machine in ("x86_64", "aarch64"):
        program = compiled(machine)
        Path(__file__).with_name(f"{machine}.bpf").write_bytes(program)
        print(f"{machine}: {len(program) // 8} instructions")


if __name__ == "__main__":
    main()
