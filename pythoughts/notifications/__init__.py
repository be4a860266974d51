"""What happened for somebody while they were away: told here, counted on every page, mailed now and then."""
