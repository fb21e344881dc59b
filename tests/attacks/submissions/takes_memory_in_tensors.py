"""Exhaustion: takes three gigabytes in tensors."""

AT = "call"


def attack() -> bool:
    held = [torch.ones(50 << 18) for _ in range(60)]  # 50 MB each
    return len(held) == 60
