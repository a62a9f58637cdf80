"""Shows the state and posts what the user does; decides nothing."""
