"""What a checked expression says of users: true, false or unknown, and why."""
