"""Stadtfunk's front door: `python bot.py --help` says what there is."""

if __name__ == "__main__":
    # Here, because the processes that parse documents read this file again and want none of the house.
    from handlers.cli import main

    main()
