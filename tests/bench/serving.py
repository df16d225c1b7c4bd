"""Servers of one graph side by side: `python -m tests.bench.serving --seconds 3`.

Each server runs alone, on the same closure of the same facts, and is asked the same questions over connections that
stay open, by a client in a process of its own; and for a drug's dossier, of which a server without pages tells the
facts. Requests per second, the latency that half and that 99 of 100 requests keep, and the processor time of the server
for a request. `ratio` is our rate over a peer's, `CPU ratio` a peer's processor time over ours, which other work on the
machine disturbs less. Before it is measured, each answer is compared with ours. No query is asked twice in the same
words (a number in a comment differs), for ours keeps answers; `again` is. Peers live in an environment of their own
(`--environment`, made on first use), never among the project's dependencies.

At last ours is overloaded: many more connections than workers, with queries that never end among them; what counts is
that nothing but 200, 503 and 504 comes back.
"""

from __future__ import annotations

import argparse
import asyncio
import collections
import contextlib
import csv
import json
import os
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
import venv
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyoxigraph as ox

import kg
from kg import places

PEERS = ("rdflib-endpoint", "oxigraph")
PACKAGES = {"rdflib-endpoint": "rdflib-endpoint[cli]", "oxigraph": "oxigraph"}
PREFIXES = """PREFIX kg: <https://w3id.org/drug-approvals/ontology#>
PREFIX drug: <https://w3id.org/drug-approvals/drug/>
PREFIX agency: <https://w3id.org/drug-approvals/agency/>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
QUERIES = {
    "look-up": "SELECT ?property ?value { agency:EMA ?property ?value }",
    "join": "SELECT ?approval ?date ?agency { ?approval kg:forSubstance drug:cabozantinib ; kg:sortDate ?date ;"
    " kg:grantedBy/rdfs:label ?agency }",
    "again": "SELECT ?property ?value { agency:FDA ?property ?value }",
    "aggregate": "SELECT ?agency (COUNT(?approval) AS ?n) { ?approval a kg:Approval ; kg:grantedBy ?agency }"
    " GROUP BY ?agency",
}
DOSSIER = {"ours": "/drug/cabozantinib.html"}
"""Where a server has a page of a drug: a page asked for again, which ours keeps, as the graph does not change."""
FACTS = "DESCRIBE drug:cabozantinib"
"""What is asked of a server without pages in its place: the facts at the drug, without those that a page gathers."""
ENDLESS = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i FILTER(STRLEN(STR(?c)) > STRLEN(STR(?i))) }"
EMA = next(iter(places.REGISTERS.glob("ema-2*.ttl.gz")))
COLUMNS = (
    "server",
    "question",
    "connections",
    "requests/s",
    "median ms",
    "99% ms",
    "CPU ms",
    "errors",
    "ratio",
    "CPU ratio",
)


def free_port() -> int:
    """Return a port that nobody listens to."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


@contextmanager
def server(name: str, sources: list[str], file: Path, peers: Path) -> Iterator[tuple[str, int]]:
    """Start a server on the closure; yield the address of its endpoint, and its process."""
    port = free_port()
    path = "sparql"
    if name == "ours":
        command = [sys.executable, "-m", "kg", "serve", "--port", str(port)]
        command += [each for source in sources for each in ("--graph", source)]
    elif name == "oxigraph":
        store = file.with_suffix(".store")
        load = [str(peers / "oxigraph"), "load", "--location", str(store), "--file", str(file)]
        subprocess.run(load, check=True, capture_output=True)
        command = [str(peers / "oxigraph"), "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
        path = "query"
    else:
        command = [str(peers / name), "serve", "--host", "127.0.0.1", "--port", str(port), str(file)]
        path = ""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
        try:
            wait_for(port, process)
            yield f"http://127.0.0.1:{port}/{path}", process.pid
        finally:
            process.send_signal(signal.SIGTERM)


def processor_time(pid: int) -> float:
    """Return the seconds of processor time that a process and its children have taken, where /proc tells."""
    ticks = 0
    for path in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            fields = path.read_text().rpartition(")")[2].split()
            if pid in (int(path.parent.name), int(fields[1])):
                ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 300) -> None:
    """Return when somebody listens to the port."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"{process.args!r} does not listen.")


async def request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> tuple[int, bytes]:
    """Send a request, return the status and the body of its answer."""
    writer.write(head)
    lines = (await reader.readuntil(b"\r\n\r\n")).lower().split(b"\r\n")
    fields = dict(line.split(b": ", 1) for line in lines[1:] if b": " in line)
    if b"content-length" in fields:
        return int(lines[0].split()[1]), await reader.readexactly(int(fields[b"content-length"]))
    body = b""
    while size := int(await reader.readline(), 16):
        body += await reader.readexactly(size)
        await reader.readexactly(2)
    await reader.readline()
    return int(lines[0].split()[1]), body


def head_of(address: str, query: str) -> bytes:
    """Return a request by GET of a query's answer, or of the page that a path names."""
    parts = urllib.parse.urlsplit(address)
    if query.startswith("/"):
        return f"GET {query} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: text/html\r\nX-Number: NUMBER\r\n\r\n".encode()
    asked = urllib.parse.urlencode({"query": f"{PREFIXES}{query} #NUMBER"})
    media = "text/turtle" if query.startswith("DESCRIBE") else "application/sparql-results+json"
    return f"GET {parts.path or '/'}?{asked} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept: {media}\r\n\r\n".encode()


async def load(
    address: str, queries: list[str], connections: int, seconds: float, differing: bool
) -> tuple[list[float], dict[str, int]]:
    """Ask over so many connections for so long: the latencies, and how often each status came."""
    parts = urllib.parse.urlsplit(address)
    end = time.perf_counter() + seconds
    latencies: list[float] = []
    statuses: collections.Counter[str] = collections.Counter()

    async def client(number: int) -> None:
        before, after = head_of(address, queries[number % len(queries)]).split(b"NUMBER", 1)
        streams = None
        asked = 0
        while time.perf_counter() < end:
            asked += 1
            head = before + (b"%d-%d" % (number, asked) if differing else b"0") + after
            start = time.perf_counter()
            try:
                streams = streams or await asyncio.open_connection(parts.hostname, parts.port, limit=2**24)
                status, _ = await asyncio.wait_for(request(*streams, head), seconds + 60)
                if (now := time.perf_counter()) > end:
                    break  # what comes too late is not counted
                statuses[str(status)] += 1
                if status == 200:
                    latencies.append(now - start)
                else:
                    await asyncio.sleep(0.05)
            except (OSError, EOFError, TimeoutError) as error:
                statuses[type(error).__name__] += 1
                streams = None
        if streams:
            streams[1].close()

    await asyncio.gather(*map(client, range(connections)))
    return latencies, dict(statuses)


def asked(
    address: str, queries: list[str], connections: int, seconds: float, differing: bool = True
) -> tuple[list[float], dict[str, int]]:
    """Run `load` in a process of its own."""
    arguments = json.dumps([address, queries, connections, seconds, differing])
    done = subprocess.run(
        [sys.executable, "-m", "tests.bench.serving", "--client", arguments], capture_output=True, text=True, check=True
    )
    latencies, statuses = json.loads(done.stdout)
    return latencies, statuses


def rows(address: str, query: str) -> list[str]:
    """Return the rows of an answer, sorted, to compare servers by."""

    async def once() -> bytes:
        parts = urllib.parse.urlsplit(address)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, limit=2**24)
        status, body = await request(reader, writer, head_of(address, query))
        writer.close()
        assert status == 200, body
        return body

    found = json.loads(asyncio.run(once()))["results"]["bindings"]
    return sorted(json.dumps({k: v["value"] for k, v in row.items()}, sort_keys=True) for row in found)


def measured(line: dict[str, Any], address: str, pid: int, query: str, seconds: float) -> dict[str, Any]:
    """Return a line of the table with its figures."""
    before = processor_time(pid)
    latencies, statuses = asked(address, [query], line["connections"], seconds, line["question"] != "again")
    latencies.sort()
    return line | {
        "requests/s": round(len(latencies) / seconds, 1),
        "median ms": round(1000 * statistics.median(latencies), 2) if latencies else "",
        "99% ms": round(1000 * latencies[int(len(latencies) * 0.99)], 2) if latencies else "",
        "CPU ms": round(1000 * (processor_time(pid) - before) / len(latencies), 2) if latencies else "",
        "errors": sum(count for status, count in statuses.items() if status != "200"),
    }


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table as csv, then what an overload gave."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--client", help=argparse.SUPPRESS)
    parser.add_argument("--sources", default=f"shipped/cabinet,shipped/reference,{EMA}")
    parser.add_argument("--peers", default=",".join(PEERS))
    parser.add_argument("--connections", default="1,16,64")
    parser.add_argument("--seconds", type=float, default=3)
    parser.add_argument("--overload", type=float, default=10, help="seconds of it")
    parser.add_argument("--environment", type=Path, default=Path(tempfile.gettempdir()) / "kg-bench-servers")
    options = parser.parse_args(arguments)
    if options.client:
        print(json.dumps(asyncio.run(load(*json.loads(options.client)))))
        return
    peers = [peer for peer in options.peers.split(",") if peer]
    if peers and not (options.environment / "bin" / "python").exists():
        venv.create(options.environment, with_pip=True)
        pip = [options.environment / "bin" / "python", "-m", "pip", "install", "-q"]
        subprocess.run([*pip, *(PACKAGES[peer] for peer in peers)], check=True)
    sources = options.sources.split(",")
    table = csv.DictWriter(sys.stdout, COLUMNS)
    table.writeheader()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "closure.nt")
        kg.open_store(*sources).quads.dump(file, ox.RdfFormat.N_TRIPLES, from_graph=ox.DefaultGraph())
        ours: dict[tuple[str, int], tuple[float, float]] = {}
        answers: dict[str, list[str]] = {}
        for name in ("ours", *peers):
            with server(name, sources, file, options.environment / "bin") as (address, pid):
                for question, query in {**QUERIES, "dossier": DOSSIER.get(name, FACTS)}.items():
                    if question in QUERIES:
                        found = rows(address, query)
                        assert found == answers.setdefault(question, found), (name, question)
                    for connections in map(int, options.connections.split(",")):
                        line = {"server": name, "question": question, "connections": connections}
                        line = measured(line, address, pid, query, options.seconds)
                        rate, cost = ours.setdefault((question, connections), (line["requests/s"], line["CPU ms"]))
                        line["ratio"] = round(rate / line["requests/s"], 2) if line["requests/s"] else ""
                        line["CPU ratio"] = round(line["CPU ms"] / cost, 2) if cost and line["CPU ms"] else ""
                        table.writerow(line)
                        sys.stdout.flush()
        assert all(answers.values())
        if options.overload:
            with server("ours", sources, file, options.environment / "bin") as (address, pid):
                mixed = [QUERIES["look-up"], QUERIES["join"], QUERIES["aggregate"], ENDLESS]
                _, statuses = asked(address, mixed, 200, options.overload)
                print(f"overload, 200 connections for {options.overload:g} s: {statuses}")


if __name__ == "__main__":
    main()
