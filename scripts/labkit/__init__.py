"""The lab's parts. Standard library only: the lab runs before the project's environment exists."""
