"""The walls around a worker, one layer per file. `layers` finds out which ones this machine has, and their order."""
