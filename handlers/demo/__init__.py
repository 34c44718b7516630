"""The demo: everything on this machine, with real data and made-up people."""
