"""Small programs for whoever maintains this one."""
