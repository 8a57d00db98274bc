"""Published experiments done again with the program's own parts; told in docs/reproduce.md."""
