"""What each member has chosen: people they ignore, and how pages look to them."""
