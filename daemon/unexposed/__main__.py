"""`python -m unexposed` is the `unexposed` command."""

from unexposed.cli import main

main()
