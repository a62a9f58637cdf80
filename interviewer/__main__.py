"""Entry points: run the commands, and turn every failure into a sentence and an exit code.

Exit codes: 0 done, 1 failed, 2 wrong use.
"""

from __future__ import annotations

import logging
import os
import sys

from interviewer.core.errors import InterviewerError

log = logging.getLogger("interviewer")

UMASK = 0o077


def main() -> None:
    """Run `interviewer ...`; never returns normally, always exits."""
    if getattr(sys, "frozen", False):
        # A frozen program starts its model process through this same door.
        from multiprocessing import freeze_support

        freeze_support()
    # Whatever is written from here on, by child processes too, is its owner's alone.
    os.umask(UMASK)
    try:
        _run(sys.argv[1:])
    except InterviewerError as error:
        from interviewer.printing import printable

        sys.stderr.write(printable(f"interviewer: {error.told()}\n"))
        sys.exit(1)
    except BrokenPipeError:
        # The reader went away (`interviewer sessions list | head`): nothing is wrong.
        sys.stderr.close()
        sys.exit(0)
    except OSError as exc:
        where = f": {exc.filename}" if exc.filename else ""
        sys.stderr.write(
            f"interviewer: {exc.strerror or exc}{where}. Make room or choose another place, and try again.\n"
        )
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("interviewer: stopped.\n")
        sys.exit(1)
    except Exception as exc:
        log.debug("unexpected", exc_info=True)
        sys.stderr.write(
            f"interviewer: something unexpected went wrong ({_what(exc)}). Nothing that was recorded is lost. "
            "Run it again with --verbose to see where, and please report it.\n"
        )
        sys.exit(1)


def _what(exc: Exception) -> str:
    """Return what is told of an error that nobody expected.

    A terminal is its user's own and shows the text. Anywhere else standard error is kept, by the journal of a
    desktop for one, and the text may quote an answer: there it is told what and where, as in the log.
    """
    from interviewer.core.logs import this_user
    from interviewer.printing import printable

    return printable(f"{type(exc).__name__}: {exc}") if sys.stderr.isatty() else this_user().told(exc)


def _run(arguments: list[str]) -> None:
    match arguments:
        case [] | ["--data-dir", _]:
            # The usual start: reading the command line properly takes longer than the first paint.
            from interviewer.core.paths import data_dir
            from interviewer.opening import run

            sys.exit(run(data_dir(arguments[1] if arguments else None)))
        case _:
            from interviewer.cli import commands

            commands()


def main_window() -> None:
    """Open the window without a console (`interviewer-gui`)."""
    # A windowed program has no streams on Windows; libraries that print would fail.
    from interviewer.opening import give_streams

    give_streams()
    main()


if __name__ == "__main__":
    main()
