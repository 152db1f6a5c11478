"""One module a subject: the blocks that its page lays out, each drawing one thing from kept loads."""
