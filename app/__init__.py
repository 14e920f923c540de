"""How it is served: HTTP, the stream, the command line. Nothing here computes; `core` does."""
