"""The programs of tests that may notice a mutant: how they are built, what they reach, and which is tried first."""
import collections
import contextlib
import glob
import json
import os
import re
import resource
import shlex
import signal
import subprocess
import time

from mutation.mutants import apart

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FLAGS = os.environ.get("CXXFLAGS", "")
WORK = os.path.join(ROOT, "build", "mutate" + re.sub(r"[^A-Za-z0-9+]+", "-", FLAGS and " " + FLAGS))
MUTANT, BATCH = os.path.join(WORK, "mutant"), os.path.join(WORK, "batch")
LONG = 600  # seconds that nothing takes
SLOW = 10  # seconds of processor time: a program that takes longer is left out
TREE = os.path.join(WORK, "tree")  # a copy, in which the mistakes are made

# Tracers for the properties that hold for all of them, a program for each group. All that the tests know takes
# minutes to compile; these meet each law, kind of shape, storage and form of input.
FIXTURES = {
    "single": ["Tracer float Column Euler forms", "Tracer float ColumnMajor Exact forms_and_events",
               "SaturableTracer float Column Euler laws", "NearestTracer float Column Euler laws",
               "NearestTracer float FixedMatrix Exact laws"],
    "double": ["DoubleTracer float Column Euler forms", "DoubleTracer float RowMajor Exact laws",
               "SaturableDoubleTracer float Column Euler forms_and_events"],
    "release": ["RUTracer float Column Euler forms", "RUTracer float ColumnMajor Exact forms_and_events"],
    "rise": ["RDTracer float Column Euler forms", "RFSTracer float Column Euler forms",
             "RFSTracer float RowMajor Exact laws"],
    "storage": ["Tracer half Column Euler forms", "RUTracer bfloat16 ColumnMajor Exact laws",
                "SaturableTracer double Row Euler forms_and_events", "DoubleTracer long_double RowMajor Exact laws"],
}


def compile_flags():
    def installed(*arguments):
        return subprocess.run(["pkg-config", *arguments], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                              text=True).stdout.split()

    data = os.environ.get("SPARK_TRACERS_REFERENCE_DATA", "")
    include = [flag.replace("-I", "-isystem") for flag in installed("--cflags-only-I", "eigen3")]
    catch = installed("--libs", "catch2-with-main")
    flags = ["-std=c++17", "-O0", "-w", "-DEIGEN_RUNTIME_NO_MALLOC", f'-DSPARK_TRACERS_REFERENCE_DATA="{data}"',
             f"-I{TREE}/include", f"-I{TREE}/tests", *include, *shlex.split(FLAGS)]
    return flags, catch, bool(data)


def write(path, text):
    """Where it differs, so that times tell what has changed."""
    if not os.path.exists(path) or open(path, "rb").read() != text:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        open(path, "wb").write(text)


def run(command, seconds, **kwargs):
    """What it returns, or None if it took more seconds of processor time, or very long."""
    def limits():
        resource.setrlimit(resource.RLIMIT_CPU, (int(seconds), int(seconds) + 1))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_AS, (8 << 30, 8 << 30))

    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, start_new_session=True,
                               preexec_fn=limits, **kwargs)
    try:
        process.output = process.communicate(timeout=LONG)[0].decode(errors="replace")
        return None if process.returncode in (-signal.SIGXCPU, -signal.SIGKILL) else process
    except subprocess.TimeoutExpired:
        return None
    finally:
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()


# Statistics and timings, which mean nothing where nothing is optimised, or take minutes.
PATIENT = ["~stochastic rounding of*", "~the cost is that of the events"]


def cpu():
    """Seconds of processor time that all programs took so far, whatever else the machine does."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class DoesNotCompile(Exception):
    pass


class Programs:
    """Each is some sources; objects are kept, and compiled again where what they include has changed."""

    def __init__(self, timeout):
        self.flags, self.catch, has_data = compile_flags()
        self.timeout = timeout
        self.has_data = has_data
        self.sources = {}  # of each program
        self.seconds = {}  # that a program runs
        self.reached = {}  # by each program

    def copy(self):
        listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", "include",
                                 "tests", "examples"], cwd=ROOT, stdout=subprocess.PIPE, check=True, text=True).stdout
        files = {file for file in listed.split("\0") if os.path.isfile(os.path.join(ROOT, file))}
        for file in files:
            write(os.path.join(TREE, file), open(os.path.join(ROOT, file), "rb").read())
        for folder, _, names in os.walk(TREE):
            for path in (os.path.join(folder, name) for name in names):
                if os.path.relpath(path, TREE) not in files:
                    os.remove(path)

    def plan(self, has_data):
        def made(name, text):
            path = os.path.join(WORK, "fixtures", name + ".cpp")
            write(path, text.encode())
            return path

        groups, lists = {}, {}
        for name, fixtures in FIXTURES.items():
            pushed = ""
            for fixture in fixtures:
                kind, scalar, shape, integration, ability = fixture.split()
                scalar = {"half": "Eigen::half", "bfloat16": "Eigen::bfloat16"}.get(scalar, scalar.replace("_", " "))
                pushed += (f"  all.push_back(fixture<{kind}Kind, Shapes<{scalar}>::{shape}, spark::{integration}, "
                           f"Ability::{ability}>());\n")
            groups[name] = made(name, f'#include "support/make_fixture.hpp"\nnamespace suite {{\n'
                                      f"void add_{name}(std::vector<Fixture>& all) {{\n{pushed}}}\n}}\n")
        for name, chosen in [(name, [name]) for name in groups] + [("all", list(groups))]:
            declared = "".join(f"void add_{group}(std::vector<Fixture>&);\n" for group in chosen)
            called = "".join(f"    add_{group}(all);\n" for group in chosen)
            lists[name] = made("only_" + name, f'#include "support/fixture.hpp"\nnamespace suite {{\n{declared}'
                               "const std::vector<Fixture>& every_fixture() {\n"
                               "  static const std::vector<Fixture> every = [] {\n    std::vector<Fixture> all;\n"
                               f"{called}    return all;\n  }}();\n  return every;\n}}\n}}\n")

        tests = os.path.join(TREE, "tests")
        main = [] if self.catch else [os.path.join(tests, "support", "main.cpp")]
        programs, properties = {}, []
        for path in sorted(glob.glob(os.path.join(tests, "*", "*_test.cpp"))):
            text, name = open(path, encoding="utf-8").read(), os.path.basename(path)[:-9]
            if "#define EIGEN_DEFAULT" in text:  # which the precompiled header would not know
                continue
            if "SPARK_TRACERS_REFERENCE_DATA" in text and not has_data:
                continue
            if not re.search(r"support/(fixture|property)\.hpp", text):
                programs[name] = [path, *main]
            elif "support/kinds.hpp" in text:
                programs[name] = [path, lists["all"], *groups.values(), *main]
            elif "spark/tracers.hpp" in text:
                programs[name] = [path, lists["single"], groups["single"], *main]
            else:
                properties.append(path)
        if os.path.exists("/usr/include/cereal"):
            programs["archives"] = [os.path.join(tests, "persistence", "archives", "cereal.cpp"), *main]
        for name, group in groups.items():
            programs["properties of " + name] = [group, lists[name], *properties, *main]
        return programs

    @staticmethod
    def object(source, folder):
        return os.path.join(folder, re.sub(r"\W", "_", os.path.relpath(source, WORK)) + ".o")

    def includes(self, source):
        """What the object was made of."""
        try:
            text = open(self.object(source, WORK)[:-1] + "d", encoding="utf-8").read()
        except FileNotFoundError:
            return None
        return [os.path.normpath(os.path.join(WORK, name)) for name in text.replace("\\\n", " ").split()[1:]]

    def compile(self, source, folder, more=None):
        if more is None and not source.endswith("/main.cpp"):  # which includes Catch2 in another way
            more = ["-include-pch", self.object(os.path.join(WORK, "precompiled.hpp"), WORK)]
        target = self.object(source, folder)
        made_of = self.includes(source)
        if folder == WORK and os.path.exists(target) and made_of and all(
                os.path.exists(name) and os.path.getmtime(name) < os.path.getmtime(target)
                for name in [*made_of, os.path.join(WORK, "precompiled.hpp")]):
            return
        special = {WORK: ["-fprofile-instr-generate", "-fcoverage-mapping"], MUTANT: ["-Wfatal-errors"],
                   BATCH: ["-ferror-limit=0", "-include", os.path.join(WORK, "mutant_now.hpp")]}[folder]
        process = run(["clang++", *self.flags, *(more or ()), *special, "-MMD", "-MF", target[:-1] + "d", "-c", source,
                       "-o", target], LONG, cwd=WORK)
        if process is None or process.returncode != 0:
            raise DoesNotCompile(process.output if process else "the compiler took too long")

    def build(self, program, folder=WORK, headers=()):
        """The program, with what includes those headers made anew in `folder`, where what is there is kept."""
        objects = []
        for source in self.sources[program]:
            changed = any(header in (self.includes(source) or ()) for header in headers)
            if folder == WORK or changed and not os.path.exists(self.object(source, folder)):
                self.compile(source, folder)
            objects.append(self.object(source, folder if changed else WORK))
        if folder == BATCH:
            objects.append(os.path.join(WORK, "mutant_now.o"))
        binary = os.path.join(folder, "programs", program.replace(" ", "-"))
        os.makedirs(os.path.dirname(binary), exist_ok=True)
        if not os.path.exists(binary) or max(map(os.path.getmtime, objects)) > os.path.getmtime(binary):
            linked = run(["clang++", *objects, *self.catch, "-fprofile-instr-generate", "-pthread", "-fuse-ld=lld",
                          "-o", binary], LONG)
            if linked is None or linked.returncode != 0:
                raise DoesNotCompile(linked.output if linked else "the linker took too long")
        return binary

    def outcome(self, binary, timeout, profile="/dev/null", number=0):
        """Nothing where all of its tests pass."""
        scratch = os.path.join(WORK, "scratch")
        subprocess.run(["rm", "-rf", scratch], check=True)
        os.makedirs(scratch)
        process = run([binary, "--abort", *PATIENT], timeout, cwd=scratch,
                      env={**os.environ, "LLVM_PROFILE_FILE": profile, "TMPDIR": scratch, "MUTANT": str(number)})
        return "timeout" if process is None else "killed" if process.returncode != 0 else ""

    def prepare(self):
        """Builds and runs all of them: what fails without any mutant proves nothing."""
        self.copy()
        self.sources = self.plan(self.has_data)
        os.makedirs(os.path.join(WORK, "programs"), exist_ok=True)
        precompiled = os.path.join(WORK, "precompiled.hpp")
        write(precompiled, (f"// {shlex.join(self.flags)}\n#include <Eigen/Core>\n"
                            '#include <unsupported/Eigen/AutoDiff>\n#include "support/catch.hpp"\n').encode())
        self.compile(precompiled, WORK, ["-x", "c++-header"])
        for program in list(self.sources):
            binary = self.build(program)
            notes = binary + ".json"
            if not os.path.exists(notes) or os.path.getmtime(notes) < os.path.getmtime(binary):
                before = cpu()
                if self.outcome(binary, LONG, os.path.join(WORK, "scratch", "%p.profraw")):
                    raise SystemExit(f"{program} fails as it is: {binary}")
                self.seconds[program] = cpu() - before
                json.dump([self.seconds[program], self.reached_by(binary)], open(notes, "w"))
            self.seconds[program], reached = json.load(open(notes))
            self.reached[program] = {(file, line) for file, lines in reached.items() for line in lines}
            slow = self.seconds[program] > SLOW
            print(f"{program}: {self.seconds[program]:.1f} s" + slow * ", too long to be asked", flush=True)
            if slow:
                del self.sources[program]

    @staticmethod
    def reached_by(binary):
        """The lines of the headers that its latest run went through."""
        scratch = os.path.join(WORK, "scratch")
        raw = [os.path.join(scratch, name) for name in os.listdir(scratch) if name.endswith(".profraw")]
        subprocess.run(["llvm-profdata", "merge", "-sparse", *raw, "-o", os.path.join(scratch, "profile")], check=True)
        text = subprocess.run(["llvm-cov", "export", "-skip-functions", "-skip-expansions", "-instr-profile",
                               os.path.join(scratch, "profile"), binary, os.path.join(TREE, "include")],
                              stdout=subprocess.PIPE, check=True).stdout
        reached = {}
        for file in json.loads(text)["data"][0]["files"]:
            lines = reached.setdefault(os.path.relpath(file["filename"], TREE), set())
            for (line, _, count, counted, *_), (end, *_) in zip(file["segments"], file["segments"][1:]):
                if counted and count:
                    lines.update(range(line, end + 1))
        return {file: sorted(lines) for file, lines in reached.items()}

    def that_may_notice(self, file, line):
        """Those that reach the line; all that include it where none does, as with what only the compiler reads."""
        header = os.path.join(TREE, file)
        including = [program for program, sources in self.sources.items()
                     if any(header in (self.includes(source) or ()) for source in sources)]
        return [program for program in including if (file, line) in self.reached[program]] or including

    @contextlib.contextmanager
    def changed(self, texts, folder):
        """With other texts of some headers, and a folder for what is made of them."""
        subprocess.run(["rm", "-rf", folder], check=True)
        os.makedirs(folder)
        before = {name: (open(name, "rb").read(), os.stat(name)) for name in texts}
        try:
            for name, text in texts.items():
                open(name, "w", encoding="utf-8").write(text)
            yield
        finally:
            for name, (text, times) in before.items():
                open(name, "wb").write(text)
                os.utime(name, ns=(times.st_atime_ns, times.st_mtime_ns))

    def ask(self, file, line, order, asked, effort, folder, headers, number=0):
        """What becomes of a mutant, and which program tells; `asked` are those that did not notice it before."""
        left = [program for program in self.that_may_notice(file, line) if asked.get(program) != self.made(program)]
        begin = cpu()
        while left and cpu() - begin < effort:
            program = max(left, key=lambda name: order.chance(file, name) / self.cost(name, folder, headers))
            left.remove(program)
            binary = self.build(program, folder, headers)
            outcome = self.outcome(binary, self.timeout + 5 * self.seconds[program], number=number)
            order.learn(file, program, outcome)
            if outcome:
                return outcome, program
            asked[program] = self.made(program)
        return "survived", f"{len(asked)} programs, {len(left)} not asked"

    def judge(self, source, mutant, order, asked, effort):
        """The mutant alone."""
        header = os.path.join(TREE, mutant.file)
        with self.changed({header: source.mutated(mutant)}, MUTANT):
            try:
                return self.ask(mutant.file, source.line(mutant), order, asked, effort, MUTANT, [header])
            except DoesNotCompile:
                return "does not compile", ""

    def batch(self, sources, numbered, order, asked, effort):
        """Many at once, of which running programs choose one: yields number and outcome of those where that works."""
        write(os.path.join(WORK, "mutant_now.hpp"), b"extern const int mutant_now;\n")
        write(os.path.join(WORK, "mutant_now.cpp"), b"#include <cstdlib>\nextern const int mutant_now = "
              b'std::getenv("MUTANT") ? std::atoi(std::getenv("MUTANT")) : 0;\n')
        subprocess.run(["clang++", "-c", "mutant_now.cpp"], cwd=WORK, check=True)
        by_file = collections.defaultdict(list)
        for number, mutant in numbered:
            by_file[mutant.file].append((number, mutant))
        together = {file: apart(mutants) for file, mutants in by_file.items()}
        headers = [os.path.join(TREE, file) for file in together]
        every_program = dict(self.sources)
        with self.changed({name: open(name, encoding="utf-8").read() for name in headers}, BATCH):
            for program in sorted(self.sources, key=lambda name: self.cost(name, BATCH, headers)):
                if not self.compile_together(program, sources, together, headers):
                    print(f"{program} is not asked about mutants that compile together", flush=True)
                    del self.sources[program]
            for number, mutant in sorted(entry for mutants in together.values() for entry in mutants):
                yield number, self.ask(mutant.file, sources[mutant.file].line(mutant), order, asked[number], effort,
                                       BATCH, headers, number)
        self.sources = every_program

    def compile_together(self, program, sources, together, headers):
        """Leaves out those mutants for which that does not work; whether the program then passes."""
        for _ in range(12):
            for file, mutants in together.items():
                write(os.path.join(TREE, file), sources[file].switched(mutants).encode())
            try:
                return not self.outcome(self.build(program, BATCH, headers), LONG)
            except DoesNotCompile as error:
                for file, mutants in together.items():
                    name = re.escape(os.path.join(TREE, file))
                    lines = {int(line) for line in re.findall(rf"^{name}:(\d+):\d+: (?:error|note)", str(error), re.M)}
                    guilty = [entry for entry in mutants if lines & set(sources[file].lines_of(entry[1].place))]
                    if not guilty:  # then what precedes
                        for line in lines:
                            guilty += [entry for entry in mutants if sources[file].line(entry[1]) < line][-1:]
                    together[file] = [entry for entry in mutants if entry not in guilty]
                print(f"{program}: {sum(map(len, together.values()))} mutants compile together", flush=True)
        return False

    @staticmethod
    def made(program):
        return os.path.getmtime(os.path.join(WORK, "programs", program.replace(" ", "-")))

    def cost(self, program, folder, headers):
        """Seconds until its answer is there, as far as the sizes of objects tell."""
        to_make = [self.object(source, WORK) for source in self.sources[program]
                   if any(header in (self.includes(source) or ()) for header in headers)
                   and not os.path.exists(self.object(source, folder))]
        return 0.1 + self.seconds[program] + sum(0.6 + os.path.getsize(name) / 2e6 for name in to_make)


class Order:
    """How likely a program is to notice a mistake in a header: as often as it did so far."""

    def __init__(self):
        self.tried, self.noticed = collections.Counter(), collections.Counter()

    def chance(self, file, program):
        overall = (self.noticed[program] + 1) / (self.tried[program] + 2)
        return (self.noticed[file, program] + overall) / (self.tried[file, program] + 1)

    def learn(self, file, program, noticed):
        for key in program, (file, program):
            self.tried[key] += 1
            self.noticed[key] += bool(noticed)
