"""Put on PYTHONPATH as `sitecustomize`: notes every use of the network in every Python process, and refuses it.

The file that NETWORK_WATCH names gets a line for each process that is watched, one for each program
that is started, and one for each attempt: its kind, the process and what it was about. What is no
network passes: sockets between the processes of this machine (AF_UNIX).
"""

import os
import socket
import sys

SOCKETS = ("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg")
NAMES = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr", "socket.getnameinfo")
PROGRAMS = ("subprocess.Popen", "os.posix_spawn", "os.exec", "os.system")


def note(kind, what):
    handle = os.open(os.environ["NETWORK_WATCH"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    os.write(handle, f"{kind} {os.getpid()} {what!r}\n".encode())
    os.close(handle)


def hook(event, args):
    if event in PROGRAMS:
        note("program", args[0])
    elif event in NAMES or (event in SOCKETS and args[0].family != getattr(socket, "AF_UNIX", None)):
        note("network", (event, *map(str, args[1:])))
        raise PermissionError(f"no network here: {event}")


note("watched", " ".join(sys.orig_argv[1:]))
sys.addaudithook(hook)
