"""What people do with leads: whose they are, by when they are answered, how they end."""
