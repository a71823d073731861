"""Replays calls into modules under Wasmtime and prints the fuel that they took.

Reads one job a line, {"module": path, "host": [{"results", "writes", "ends"}], "calls": [{"name", "values"}]}: host
functions answer as recorded, in that order, and a call that the host ends stays ended. Prints one result a line.
"""

import hashlib
import json
import math
import struct
import sys

import wasmtime

FUEL = 1 << 40
# What `compare.ts` puts into memories before the first call.
PATTERN = bytes((at * 167 + (at >> 8) * 13) & 0xFF for at in range(4 * 65536))

config = wasmtime.Config()
config.consume_fuel = True
# Fuel is counted before anything is optimised.
config.cranelift_opt_level = "none"
config.max_wasm_stack = 2 << 20
engine = wasmtime.Engine(config)


# What imported globals begin with.
numbers = {
    "i32": wasmtime.Val.i32(5),
    "i64": wasmtime.Val.i64(6),
    "f32": wasmtime.Val.f32(1.5),
    "f64": wasmtime.Val.f64(2.5),
}


class Ended(Exception):
    """The host lets the guest go no further."""


def value(kind, text):
    if text is None or str(kind) not in numbers:
        return text
    return int(text) if str(kind) in ("i32", "i64") else float(text.replace("Infinity", "inf"))


def show(result):
    if isinstance(result, float):
        return "NaN" if math.isnan(result) else struct.pack(">d", result).hex()
    return str(result) if isinstance(result, int) else "reference"


def initial(kind):
    return numbers[str(kind)] if str(kind) in numbers else wasmtime.Val.ref_null(kind)


def memory_of(exports):
    return next((one for one in exports.values() if isinstance(one, wasmtime.Memory)), None)


def run(job):
    store = wasmtime.Store(engine)
    store.set_fuel(FUEL)
    module = wasmtime.Module.from_file(engine, job["module"])
    answers = iter(job["host"])
    host_retired = []
    memory = None
    def host(kinds):
        def answer(*_):
            host_retired.append(FUEL - store.get_fuel())
            given = next(answers)
            for at, data in given["writes"]:
                memory.write(store, bytes.fromhex(data), at)
            if given["ends"]:
                raise Ended()
            results = [value(kind, text) for kind, text in zip(kinds, given["results"])]
            return results[0] if len(results) == 1 else results or None

        return answer

    supplied = []
    for entry in module.imports:
        kind = entry.type
        if isinstance(kind, wasmtime.FuncType):
            supplied.append(wasmtime.Func(store, kind, host(kind.results)))
        elif isinstance(kind, wasmtime.GlobalType):
            supplied.append(wasmtime.Global(store, kind, initial(kind.content)))
        else:
            supplied.append(wasmtime.Table(store, kind, None))
    try:
        instance = wasmtime.Instance(store, module, supplied)
    except wasmtime.Trap as trap:
        return {"started": False, "why": str(trap.trap_code)}
    exports = instance.exports(store)
    memory = memory_of(exports)
    if memory and memory.data_len(store) > 0 and job.get("pattern"):
        memory.write(store, PATTERN[: memory.data_len(store)])
    result = {"started": True, "startRetired": FUEL - store.get_fuel(), "calls": []}
    for call in job["calls"]:
        function = exports[call["name"]]
        kinds, results = function.type(store).params, function.type(store).results
        store.set_fuel(FUEL)
        try:
            found = function(store, *[value(kind, text) for kind, text in zip(kinds, call["values"])])
            listed = found if len(results) > 1 else [found] * len(results)
            result["calls"].append({"values": [show(one) for one in listed], "retired": FUEL - store.get_fuel()})
        except wasmtime.Trap as trap:
            result["calls"].append({"trap": trap.trap_code.name})
        except Ended:
            result["calls"].append({"trap": "ended"})
    result["hostRetired"] = host_retired
    result["memory"] = hashlib.sha256(memory.read(store) if memory else b"").hexdigest()
    return result


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
