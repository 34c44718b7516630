"""Stadtfunk's front door: `python bot.py --help` says what there is."""

if __name__ == "__main__":
    # Here, because the processes that parse documents read this file again and want none of the house.
    try:
        from handlers.cli import main

        main()
    except KeyboardInterrupt:
        # Ctrl-C before anything was running: nothing to end, and no traceback to show.
        raise SystemExit(130) from None
