"""One module a family of commands; each registers itself on the application it is given."""
