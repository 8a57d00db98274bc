"""Who may do what: users, sessions, and the one table of permissions."""
