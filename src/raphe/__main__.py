"""``python -m raphe``."""

from raphe.cli.main import main

if __name__ == "__main__":
    main()
