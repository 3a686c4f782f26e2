"""`python -m essentialist`."""

from essentialist.cli import main

if __name__ == "__main__":
    main()
