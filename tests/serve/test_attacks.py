"""What hostile clients send: the server answers others throughout, and ends with the workers it began with."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.parse
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pyoxigraph as ox
import pytest

import kg
from kg.serve.bounds import MEBIBYTE
from kg.serve.confine import confine
from kg.sparql import refuse_traps
from tests.conftest import FOUNDING
from tests.serve.conftest import Client, Reply, serving

WORKERS = 3
BOUNDS = {
    "seconds": 0.7, "patience": 1, "waiting": 4, "workers": WORKERS, "memory": 300 * MEBIBYTE, "result": 500_000,
    "unsent": 1_000_000, "request": 300_000, "stall": 1.5, "connections": 60,
}  # fmt: skip
CARTESIAN = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STRLEN(STR(?c)) + STRLEN(STR(?i)) > 1e9) }"
needs_proc = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are counted in /proc")


@pytest.fixture(scope="module")
def target(founding: kg.Store) -> Iterator[Client]:
    with serving(**BOUNDS) as client:
        yield client


def children(parent: int) -> set[int]:
    """Return the processes that a process has started and that run."""
    found = set()
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, its_parent = path.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if int(its_parent) == parent and state != "Z":
            found.add(int(path.parent.name))
    return found


def eventually(what: object, seconds: float = 10) -> None:
    """Wait until what is asked holds."""
    deadline = time.monotonic() + seconds
    while not what():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.fixture(autouse=True)
def _whole_afterwards(target: Client) -> Iterator[None]:
    yield
    if Path("/proc/self/stat").exists():
        eventually(lambda: len(children(target.pid)) == WORKERS)
    eventually(lambda: target.query("ASK {}").status == 200)


def twice(times: int, text: str = "a") -> str:
    """Return a query that doubles a string so often."""
    steps = [f'BIND("{text}" AS ?s0)', *(f"BIND(CONCAT(?s{n}, ?s{n}) AS ?s{n + 1})" for n in range(times))]
    return f"SELECT (STRLEN(?s{times}) AS ?n) {{ {' '.join(steps)} }}"


HIDDEN = f"{'(' * 60_000}1{')' * 60_000}"
BOMBS: dict[str, tuple[str, set[int]]] = {
    "cartesian product": (CARTESIAN, {504}),
    "paths": ("SELECT (COUNT(*) AS ?n) { ?a (!kg:x|^!kg:x)* ?b . ?b (!kg:x|^!kg:x)* ?c }", {504}),
    "parentheses": (f"SELECT * {{ ?s ?p ?o FILTER({'(' * 20_000}1{')' * 20_000}) }}", {400}),
    "braces": (f"SELECT * {'{' * 20_000}{'}' * 20_000}", {400}),
    "brackets hidden by a comment": (
        f"ASK {{ FILTER(?a<?b#>'''\n && {'(' * 60_000}1{')' * 60_000}) }} #'''",
        {400, 500},
    ),
    "negations": (f"ASK {{ FILTER({'!' * 50_000}true) }}", {200, 400, 500, 504}),
    "minus signs": (f"ASK {{ FILTER({'- ' * 50_000}1 < 0) }}", {200, 400, 500, 504}),
    "alternatives": (f"ASK {{ FILTER({' || '.join(['1=2'] * 30_000)}) }}", {200, 400, 500, 504}),
    "sums": (f"ASK {{ FILTER({'+'.join(['1'] * 50_000)} > 1) }}", {200, 400, 500, 504}),
    "unions": (f"ASK {{ {' UNION '.join(['{?s ?p ?o}'] * 15_000)} }}", {200, 400, 500, 504}),
    "options": (f"ASK {{ {'OPTIONAL {?s ?p ?o} ' * 12_000} }}", {200, 400, 500, 504}),
    "a long path": (f"ASK {{ ?s {'/'.join(['kg:p'] * 40_000)} ?o }}", {200, 400, 500, 504}),
    "inverse paths": (f"ASK {{ ?s {'^' * 50_000}kg:p ?o }}", {200, 400, 500, 504}),
    "many triples": (f"ASK {{ {' '.join(f'?s{n} ?p{n} ?s{n + 1} .' for n in range(3_000))} }}", {200, 400, 500, 504}),
    "a long string": (twice(40), {400, 500, 504}),
    "replacements": (
        "SELECT (STRLEN(?d) AS ?n) { BIND(REPLACE('aaaaaaaaaaaaaaaaaaaa', 'a', 'bbbbbbbbbbbbbbbbbbbb') AS ?a)"
        + "".join(f" BIND(REPLACE(?{x}, 'b', ?a) AS ?{y})" for x, y in ("ac", "cd", "de", "ef"))
        + " }",
        {200, 400, 500, 504},
    ),
    "a regular expression": (
        f"ASK {{ FILTER(REGEX('{'a' * 5_000}', '{'(a{0,1000}){0,1000}' * 3}')) }}",
        {200, 400, 500, 504},
    ),
    "many rows": ("SELECT * { ?a ?b ?c . ?d ?e ?f }", {500}),
    "a large graph": ("CONSTRUCT { ?a ?e ?c } WHERE { ?a ?b ?c . ?d ?e ?f }", {500, 504}),
    "a sort": ("SELECT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } ORDER BY ?c ?i", {500, 504}),
    "groups": ("SELECT (GROUP_CONCAT(?c) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }", {500, 504}),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_itself_alone(target: Client, name: str) -> None:
    sparql, statuses = BOMBS[name]
    began = time.monotonic()
    reply = target("sparql", sparql.encode(), content_type="application/sparql-query")
    assert reply.status in statuses, reply.text[:500]
    assert time.monotonic() - began < 10
    if reply.status >= 400:
        assert re.search(r"the most|malformed|was ended|ended its worker|Add a LIMIT|failed", reply.text), reply.text
        assert "Traceback" not in reply.text


def test_others_are_answered_while_bombs_run(target: Client) -> None:
    with ThreadPoolExecutor(4) as pool:
        bombs = [pool.submit(target.query, CARTESIAN) for _ in range(4)]
        while not all(bomb.done() for bomb in bombs):
            assert target("agency/Swissmedic.ttl").status == 200  # of no stranger's query, so it need not wait
            assert target("sparql").status == 200
            time.sleep(0.1)
        assert {bomb.result().status for bomb in bombs} <= {503, 504}


def test_who_waits_shortens_the_time_of_others(founding: kg.Store) -> None:
    bounds = {**BOUNDS, "seconds": 60, "workers": 2, "pressed": 0.5, "patience": 8}
    with serving(**bounds) as client, ThreadPoolExecutor(1) as pool:
        bomb = pool.submit(client.query, CARTESIAN)
        time.sleep(0.8)
        assert not bomb.done()  # as long as nobody waits
        assert client.query("ASK {}").status == 200
        assert bomb.result().status == 503
        assert "for others wait" in bomb.result().text


def test_too_many_at_once_are_told_to_come_again(target: Client) -> None:
    with ThreadPoolExecutor(24) as pool:
        replies = list(pool.map(target.query, [CARTESIAN] * 24))
    assert {reply.status for reply in replies} == {503, 504}
    assert all(reply.headers["Retry-After"] for reply in replies if reply.status == 503)


@contextmanager
def canary() -> Iterator[tuple[str, list[str]]]:
    """Listen on this machine, and note each that calls."""
    hits: list[str] = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(0.1)
        ended = threading.Event()

        def listen() -> None:
            while not ended.is_set():
                try:
                    caller, _ = listener.accept()
                except TimeoutError:
                    continue
                with caller:
                    hits.append(repr(caller.recv(1000)))
                    caller.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/turtle\r\nContent-Length: 0\r\n\r\n")

        thread = threading.Thread(target=listen)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/x", hits
        finally:
            ended.set()
            thread.join()


CALLS = [
    "SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ service silent <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ BIND(<{0}> AS ?x) SERVICE ?x {{ ?s ?p ?o }} }}",
    "PREFIX c: <{0}> SELECT * {{ SERVICE c: {{ ?s ?p ?o }} }}",
    "SELECT * {{ SERVICE#\n<{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ \\u0053ERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ S\\U00000045RVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p 5SERVICE <{0}> {{ ?s ?p ?o }} }}",
    "SELECT * {{ ?s ?p ?o FILTER(?p<?o#>'''\n) SERVICE <{0}> {{ ?s ?p ?o }} #'''\n }}",
    "SELECT * {{ ?s ?p '\\u0022' SERVICE <{0}> {{ ?s ?p ?o }} }} #'",
    "SELECT * {{ ?s ?p ?o FILTER EXISTS {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }}",
    "CONSTRUCT {{ ?s ?p ?o }} {{ {{ SELECT * {{ SERVICE <{0}> {{ ?s ?p ?o }} }} }} }}",
    "SELECT * FROM <{0}> {{ ?s ?p ?o }}",
    "SELECT * FROM NAMED <{0}> {{ GRAPH ?g {{ ?s ?p ?o }} }}",
    "SELECT * {{ GRAPH <{0}> {{ ?s ?p ?o }} }}",
    "DESCRIBE <{0}>",
    "LOAD <{0}>",
    "LOAD SILENT <{0}> INTO GRAPH <x:y>",
]


def test_nobody_else_is_asked(target: Client) -> None:
    with canary() as (place, hits):
        for call in CALLS:
            reply = target.query(call.format(place))
            harmless = "{{ GRAPH <" in call or call.startswith("DESCRIBE")
            assert reply.status in ({200} if harmless else {400, 403}), (call, reply.text)
        for field in ("default-graph-uri", "named-graph-uri", "using-graph-uri"):
            target.query("SELECT * { ?s ?p ?o } LIMIT 1", **{field: place})
        with pytest.raises((OSError, RuntimeError)):  # the canary hears what does get through
            list(ox.Store().query(CALLS[0].format(place)))  # type: ignore[arg-type]
        eventually(lambda: len(hits) == 1)
    assert len(hits) == 1


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="another system has no filter of calls")
def test_a_worker_cannot_ask_others_even_if_the_engine_would() -> None:
    with canary() as (place, hits):
        code = (
            "import sys, pyoxigraph, subprocess\n"
            "from kg.serve.confine import confine\n"
            "confine()\n"
            "for what in (lambda: list(pyoxigraph.Store().query(sys.argv[1])), lambda: subprocess.run(['true'])):\n"
            "    try:\n        what()\n"
            "    except (OSError, RuntimeError) as error:\n        print(error)\n"
        )
        done = subprocess.run([sys.executable, "-c", code, CALLS[0].format(place)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert len(done.stdout.splitlines()) >= 2
        assert "not permitted" in done.stdout
    assert not hits
    assert confine.__doc__


@pytest.mark.parametrize(
    "sparql",
    [
        'SELECT ?service { ?service kg:service "a health SERVICE"@en } #SERVICE',
        "PREFIX service: <x:service/> SELECT * { ?s service:a <x:service> }",
    ],
)
def test_a_word_is_no_call(target: Client, sparql: str) -> None:
    refuse_traps(sparql)
    assert target.query(sparql).status == 200


def connected(client: Client) -> socket.socket:
    parts = urllib.parse.urlsplit(client.address)
    assert parts.hostname
    return socket.create_connection((parts.hostname, parts.port or 80), timeout=10)


def ended(connection: socket.socket) -> bytes:
    """Return what a connection still gives until the server ends it."""
    received = b""
    try:
        while part := connection.recv(65536):
            received += part
    except ConnectionError:
        pass
    return received


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET /{path} HTTP/1.1", "Host: x", *headers, "", ""]).encode()


ROWS = "sparql?" + urllib.parse.urlencode({"query": "SELECT ?a ?b ?c { ?a ?b ?c . ?d a kg:Agency } LIMIT 1500"})


def test_slow_readers_hold_up_nobody(target: Client) -> None:
    with closing(connected(target)) as sample:
        sample.sendall(get(ROWS, "Connection: close"))
        whole = len(ended(sample))
    assert 150_000 < whole < BOUNDS["result"]
    readers = []
    for _ in range(12):
        reader = socket.socket()
        reader.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        reader.settimeout(10)
        parts = urllib.parse.urlsplit(target.address)
        reader.connect((parts.hostname, parts.port))
        reader.sendall(get(ROWS))
        readers.append(reader)
        assert target.query("ASK {}").status == 200
    time.sleep(2 * BOUNDS["stall"] + 0.5)
    assert target(ROWS).status == 200  # what they did not take is not kept for them
    for reader in readers:
        with closing(reader):
            assert len(ended(reader)) < whole


def test_a_client_that_goes_frees_its_worker(founding: kg.Store) -> None:
    with serving(**{**BOUNDS, "seconds": 60, "workers": 2, "patience": 8}) as client:
        with closing(connected(client)) as connection:
            connection.sendall(get("sparql?" + urllib.parse.urlencode({"query": CARTESIAN})))
            time.sleep(0.5)
        assert client.query("ASK {}").status == 200


def test_slow_askers_are_let_go(target: Client) -> None:
    post = "POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 50\r\n\r\nASK"
    with closing(connected(target)) as silent, closing(connected(target)) as half, closing(connected(target)) as body:
        half.sendall(b"GET /sparql HTTP/1.1\r\nHost:")
        body.sendall(post.encode())
        assert ended(silent) == b""
        assert ended(half) == b""
        assert ended(body).startswith(b"HTTP/1.1 408 ")


def test_more_connections_than_there_may_be(target: Client) -> None:
    held = [connected(target) for _ in range(int(BOUNDS["connections"]) + 20)]
    last = ended(held[-1])
    assert last.startswith(b"HTTP/1.1 503 ")
    assert b"Retry-After" in last
    for connection in held:
        connection.close()


@pytest.mark.parametrize(
    ("request_", "status"),
    [
        (get("sparql", "X: " + "x" * 100_000), 431),
        (get("x" * 100_000), 400),
        (get("x" * 62_000), 414),
        (get("sparql", *(f"X{n}: y" for n in range(20_000))), 431),
        (get("sparql", *(f"X{n}: {'y' * 1000}" for n in range(5_000))), None),
        (get("sparql", "Content-Length: 4", "Transfer-Encoding: chunked"), 400),
        (get("sparql", "Content-Length: 4", "Content-Length: 5"), 400),
        (get("sparql", "Bad\x00Name: y"), 400),
        (b"GET /sparql HTTP/1.1\r\n\r\n", 400),
        (b"GET http://evil.example/sparql HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", 200),
        (b"\x16\x03\x01\x02\x00\x01\x00", 400),
        (get("sparql", "Connection: Upgrade", "Upgrade: websocket", "Connection: close"), 200),
        (get("sparql", "Accept: " + ",".join(["image/png;q=0.1"] * 2_000), "Connection: close"), 406),
    ],
)  # fmt: skip
def test_malformed_requests(target: Client, request_: bytes, status: int | None) -> None:
    with closing(connected(target)) as connection:
        with suppress(ConnectionError):  # one that goes on and on is cut off
            connection.sendall(request_)
        reply = ended(connection)
        assert reply.startswith(f"HTTP/1.1 {status} ".encode()) if status else reply == b""
        assert b"evil" not in reply


@needs_proc
def test_a_worker_that_dies_is_replaced(target: Client) -> None:
    before = children(target.pid)
    assert len(before) == WORKERS
    for pid in before:
        os.kill(pid, signal.SIGKILL)
    eventually(lambda: len(children(target.pid) - before) == WORKERS)
    eventually(lambda: target.query("ASK {}").status == 200)


@needs_proc
@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_the_end_is_the_end_of_all(founding: kg.Store, how: signal.Signals) -> None:
    command = [sys.executable, "-m", "kg", "serve", "--port", "0", "--workers", "2"]
    for source in FOUNDING:
        command += ["--graph", source]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr
        place = re.search(r"http://\S+", process.stderr.readline())
        assert place
        client = Client(place[0], process.pid)
        assert client("agency/Swissmedic.ttl").status == 200
        with ThreadPoolExecutor(1) as pool:
            busy = pool.submit(_reply, client)
            time.sleep(0.3)
            workers = children(process.pid)
            assert len(workers) == 2
            process.send_signal(how)
            code = process.wait(10)
            busy.result(10)
        assert code == (-how if how == signal.SIGKILL else 0)
        eventually(lambda: not any(Path(f"/proc/{pid}").exists() for pid in workers))
        assert process.stderr.read() == ""


def _reply(client: Client) -> Reply | OSError:
    try:
        return client.query(CARTESIAN)
    except OSError as error:
        return error


def test_an_address_that_is_taken_is_an_error(target: Client) -> None:
    command = [sys.executable, "-m", "kg", "serve", "--port", target.address.split(":")[2].strip("/")]
    done = subprocess.run([*command, "-g", FOUNDING[1]], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "cannot be listened to" in done.stderr
    assert "Traceback" not in done.stderr
    done = subprocess.run([*command[:-1], "0", "--base", "nowhere", "-g", FOUNDING[1]], capture_output=True, text=True)
    assert (done.returncode, "is no address of a site" in done.stderr) == (2, True)
