"""Reports for people and auditors, made of the ledger's records alone: shift, lot, audit trail."""
