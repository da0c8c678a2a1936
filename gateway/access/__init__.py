"""Who may use the page: logins, passwords, bounded guessing, the certificate."""
