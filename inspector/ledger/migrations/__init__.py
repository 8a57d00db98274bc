"""How the tables of the ledger came to be, step by step; index columns only, never a payload."""
