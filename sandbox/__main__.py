"""`python -m sandbox`."""

from sandbox.alone.command import main

if __name__ == "__main__":
    main()
