"""farspan bench and llama-bench in turns; started by bench/peers, which see."""

import argparse
import datetime
import json
import os
import pathlib
import platform
import re
import shlex
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "benchmarks.md"
BEGIN, END = "<!-- peers: begin -->", "<!-- peers: end -->"
MODEL = "smollm2-135m-instruct.q4_1.gguf"

# The work and the wanted ratio of issue 4; a test that is not here is measured all the same.
WANTED = {
    "pp512": 1.8,
    "pp8192": 2.0,
    "pp16384": 2.2,
    "tg64@d0": 1.0,
    "tg64@d4096": 3.0,
    "tg64@d16384": 4.0,
}
QUICK = ["pp512", "tg32@d0", "tg32@d1024"]
BUSY = 0.5  # load above which figures are not to be trusted
LONG = 4096  # tokens from which a warm-up of llama-bench, as long as the test, is left out
TEST = re.compile(r"pp(?P<prompt>\d+)|tg(?P<gen>\d+)@d(?P<depth>\d+)")


def fail(sentence):
    sys.exit(f"farspan: {sentence}")


class Test:
    """One row: `pp512` or `tg64@d4096`."""

    def __init__(self, name):
        match = TEST.fullmatch(name)
        if not match:
            fail(f"'{name}' is not a test such as pp512 or tg64@d4096")
        self.name = name
        self.prompt = int(match["prompt"] or 0)
        self.gen = int(match["gen"] or 0)
        self.depth = int(match["depth"] or 0)
        if self.prompt + self.gen == 0:
            fail(f"'{name}' has nothing to measure")

    def options(self):
        return ["-p", str(self.prompt), "-n", str(self.gen), "-d", str(self.depth)]

    def is_long(self):
        return max(self.prompt, self.depth) >= LONG


def arguments():
    parser = argparse.ArgumentParser(
        prog="bench/peers",
        description="Runs farspan bench and llama.cpp's llama-bench in turns, a process for each test and round, "
        "and writes the table of ratios to docs/benchmarks.md.",
    )
    parser.add_argument("--model", default=MODEL, help=f"a .gguf file, or its name in $FARSPAN_MODELS; default: {MODEL}")
    parser.add_argument("--tests", help=f"with commas between them; default: {','.join(WANTED)}")
    parser.add_argument("--rounds", type=int, help="times that each test is run by each engine; default: 3")
    parser.add_argument("--runs", type=int, default=2, help="timed runs within a process; default: 2")
    parser.add_argument("--warm-up", type=int, default=10, help="seconds that Farspan runs before the first timed run, until its code is compiled; default: 10")
    parser.add_argument("--threads", type=int, default=os.cpu_count(), help="default: one for each processor")
    parser.add_argument("--cache-type", default="f16", help="type of the KV cache of both, or of keys and values as q8_0/f16; default: f16")
    parser.add_argument("--method", default="none", help="Farspan's context method; default: none")
    parser.add_argument("--quick", action="store_true", help=f"1 round of {', '.join(QUICK)}; nothing is written without --write")
    parser.add_argument("--write", action="store_true", help="write the page also after --quick")
    parser.add_argument("--no-write", action="store_true", help="print only")
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.quick else 3)
    if options.rounds < 1 or options.runs < 1 or options.threads < 1:
        fail("--rounds, --runs and --threads must be at least 1")
    names = options.tests.split(",") if options.tests else (QUICK if options.quick else list(WANTED))
    options.tests = [Test(name) for name in names]
    return options


def find_model(name):
    for path in (pathlib.Path(name), pathlib.Path(os.environ["FARSPAN_MODELS"]) / name):
        if path.is_file():
            return path.resolve()
    fail(f"there is no model {name}: name a .gguf file, or run scripts/get-models.sh")


def prepare():
    """Builds what is missing before anything is timed."""
    for command in ([ROOT / "scripts" / "get-llama-cpp.sh"], [ROOT / "farspan", "--version"]):
        if subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode != 0:
            sys.exit(1)  # it has said why


def load():
    """Programs that wanted a processor over the last minute, on average."""
    return os.getloadavg()[0]


class Engine:
    """A program that prints a JSON list of rows."""

    def __init__(self, name, program, options, if_long=()):
        self.name, self.program, self.options, self.if_long = name, program, options, list(if_long)
        self.rates = {}  # test -> rates of the rounds
        self.row = {}

    def shown(self, test):
        """The command as it stands in the page, without paths of this machine."""
        return shlex.join([self.name] + self.without_paths(self.all_options(test)))

    def all_options(self, test):
        return self.options + test.options() + (self.if_long if test.is_long() else [])

    @staticmethod
    def without_paths(words):
        return [pathlib.Path(word).name if os.sep in word else word for word in words]

    def run(self, test):
        command = [self.program] + self.all_options(test)
        with tempfile.TemporaryFile("w+") as errors:
            done = subprocess.run(command, stdout=subprocess.PIPE, stderr=errors, text=True, check=False)
            if done.returncode != 0:
                errors.seek(0)
                fail(f"{shlex.join(command)} failed with exit code {done.returncode}: {errors.read().strip()[-2000:]}")
        rows = json.loads(done.stdout)
        if len(rows) != 1:
            fail(f"{shlex.join(command)} printed {len(rows)} rows where one was asked for")
        self.row = rows[0]
        rate = float(self.row["avg_ts"] if "avg_ts" in self.row else self.row["tokens_per_second"])
        self.rates.setdefault(test.name, []).append(rate)
        return rate


def engines(options, model):
    threads, runs = str(options.threads), str(options.runs)
    # Farspan measures its limits only to report fractions; the ratio has no use for them.
    ours = ["bench", str(model), "-t", threads, "-r", runs, "--cache-type", options.cache_type]
    ours += ["--method", options.method, "--warm-up", str(options.warm_up), "--no-limits", "--quiet", "-o", "json"]
    keys, _, values = options.cache_type.partition("/")
    cache = ["-ctk", keys, "-ctv", values or keys]
    theirs = ["-m", str(model), "-t", threads, "-r", runs] + cache + ["-fa", "1", "-ngl", "0", "-o", "json"]
    llama = pathlib.Path(os.environ["LLAMA_CPP"]) / "bin" / "llama-bench"
    return Engine("farspan", str(ROOT / "farspan"), ours), Engine("llama-bench", str(llama), theirs, ["--no-warmup"])


def measure(options, farspan, llama):
    total = options.rounds * len(options.tests)
    done, start, ratios = 0, time.monotonic(), {test.name: [] for test in options.tests}
    for number in range(options.rounds):
        for test in options.tests:
            # Who goes first changes from round to round.
            order = (farspan, llama) if number % 2 == 0 else (llama, farspan)
            rates = {engine.name: engine.run(test) for engine in order}
            ratio = rates[farspan.name] / rates[llama.name]
            ratios[test.name].append(ratio)
            done += 1
            left = (time.monotonic() - start) / done * (total - done)
            print(
                f"farspan: round {number + 1} of {options.rounds}, {test.name}: {rates[farspan.name]:.1f} against "
                f"{rates[llama.name]:.1f} tokens/s, {ratio:.2f}x; about {round(left / 60)} min left",
                file=sys.stderr,
                flush=True,
            )
    return ratios


def spread(values, digits):
    middle = f"{statistics.median(values):.{digits}f}"
    return middle if len(values) == 1 else f"{middle} ({min(values):.{digits}f} to {max(values):.{digits}f})"


def table(options, farspan, llama, ratios):
    lines = [
        "| test | Farspan, tokens/s | llama.cpp, tokens/s | ratio | wanted |",
        "|---|--:|--:|--:|--:|",
    ]
    for test in options.tests:
        wanted = WANTED.get(test.name)
        lines.append(
            f"| {test.name} | {spread(farspan.rates[test.name], 1)} | {spread(llama.rates[test.name], 1)} "
            f"| **{spread(ratios[test.name], 2)}** | {f'{wanted:.1f}' if wanted else '-'} |"
        )
    return "\n".join(lines)


def first_match(path, pattern):
    try:
        match = re.search(pattern, pathlib.Path(path).read_text(encoding="utf-8"), re.MULTILINE)
    except OSError:
        match = None
    return match[1].strip() if match else None


def output(*command):
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT)
    return done.stdout.strip() if done.returncode == 0 else ""


def machine():
    processor = first_match("/proc/cpuinfo", r"^model name\s*:\s*(.*)$") or platform.processor() or "unknown processor"
    flags = (first_match("/proc/cpuinfo", r"^flags\s*:\s*(.*)$") or "").split()
    known = [flag for flag in ("avx2", "avx512f", "avx512_vnni", "amx_int8") if flag in flags]
    kib = first_match("/proc/meminfo", r"^MemTotal:\s*(\d+) kB")
    memory = f"{int(kib) / 2**20:.0f} GiB" if kib else "unknown memory"
    return f"{processor} ({', '.join(known) or platform.machine()}), {os.cpu_count()} cores, {memory}, {platform.system()}"


def java():
    release = pathlib.Path(os.environ["FARSPAN_JAVA_HOME"]) / "release"
    version = first_match(release, r'^JAVA_RUNTIME_VERSION="(.*)"$') or first_match(release, r'^JAVA_VERSION="(.*)"$')
    vendor = first_match(release, r'^IMPLEMENTOR="(.*)"$') or "JDK"
    return f"{vendor} {version or 'unknown'}"


def commit():
    head = output("git", "rev-parse", "--short", "HEAD") or "unknown"
    changed = output("git", "status", "--porcelain", "--untracked-files=no", "--", ":!docs")
    return head + (" with changes" if changed else "")


def section(options, farspan, llama, ratios, facts):
    model, busy = facts
    rounds = "1 round" if options.rounds == 1 else f"{options.rounds} rounds, median and range"
    first = options.tests[0]
    return f"""{table(options, farspan, llama, ratios)}

{model.name}, {options.threads} threads, {options.cache_type} cache, flash attention on, {rounds}; each engine first in every other round.

- Machine: {machine()}; {java()}; {farspan.row.get("kernels", "unknown kernels")};
  load before the first test {busy:.1f}
- Farspan {commit()}, llama.cpp {llama.row.get("build_commit", "unknown")} (CPU, native build), {datetime.date.today().isoformat()}
- Farspan's JVM warms up for {options.warm_up} s in each process before it is timed; llama-bench runs each test once, but
  for tests from {LONG:,} tokens on, whose first 512 tokens warm it (`--no-warmup`).
- Each run of tgN@dD continues the last one in Farspan, up to {(options.runs - 1)} x N tokens deeper; llama-bench starts each at D.
- The whole: `{shlex.join(["bench/peers"] + sys.argv[1:])}`. For the first test it runs
  `./{farspan.shown(first)}` and
  `{llama.shown(first)}`.
"""


def write(text):
    page = PAGE.read_text(encoding="utf-8")
    if page.count(BEGIN) != 1 or page.count(END) != 1 or page.index(BEGIN) > page.index(END):
        fail(f"{PAGE} needs the lines '{BEGIN}' and '{END}' once each, in this order")
    before, rest = page.split(BEGIN)
    _, after = rest.split(END)
    temporary = PAGE.with_suffix(".tmp")
    temporary.write_text(f"{before}{BEGIN}\n{text}{END}{after}", encoding="utf-8")
    temporary.replace(PAGE)


def main():
    options = arguments()
    model = find_model(options.model)
    prepare()
    busy = load()
    if busy > BUSY:
        print(f"farspan: the load of this machine is {busy:.1f}: other work slows the engines unequally", file=sys.stderr)
    farspan, llama = engines(options, model)
    ratios = measure(options, farspan, llama)
    text = section(options, farspan, llama, ratios, (model, busy))
    print(text, end="")
    if not options.no_write and (options.write or not options.quick):
        write(text)
        print(f"farspan: wrote {PAGE.relative_to(ROOT)}", file=sys.stderr)


if __name__ == "__main__":
    main()
