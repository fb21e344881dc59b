"""Escape: tries the system calls in which kernels have been broken most often."""


def attack() -> bool:
    room = ctypes.addressof(ctypes.create_string_buffer(4096))
    calls = {
        "bpf": (321, 0, room, 72),
        "perf_event_open": (298, room, 0, -1, -1, 0),
        "userfaultfd": (323, 0),
        "keyctl": (250, 0, -3, 1),
        "fanotify_init": (300, 0, 0),
        "inotify_init1": (294, 0),
        "memfd_secret": (447, 0),
        "landlock_create_ruleset": (444, 0, 0, 1),
        "seccomp": (317, 2, 0, room),
        "init_module": (175, room, 0, room),
        "kexec_load": (246, 0, 0, 0, 0),
        "modify_ldt": (154, 0, room, 8),
        "vmsplice": (278, 1, room, 1, 0),
        "mq_open": (240, room, 0o100, 0o600, 0),
        "pidfd_open": (434, JUDGE, 0),
        "process_madvise": (440, 1, room, 1, 4, 0),
        "fsopen": (430, room, 0),
        "open_tree": (428, -100, room, 0),
    }
    allowed = [name for name, call in calls.items() if syscall(*call) >= 0]
    print(allowed)
    return bool(allowed)
