// The library, compiled to WebAssembly, with the arrays of JavaScript.
"use strict";

class Library {
  static async load() {
    return new Library(await loadSpark());
  }

  constructor(wasm) {
    this.wasm = wasm;
    this.room = {};
  }

  /// Makes the tracer of a slot. Returns what the library says of the parameters: "" if it takes them.
  make(slot, kind, exact, neurons, dt, numbers) {
    const parameters = this.memory("parameters", numbers.length, 8);
    this.wasm.HEAPF64.set(numbers, parameters / 8);
    return this.wasm.UTF8ToString(this.wasm._playground_make(slot, kind, exact, neurons, dt, parameters));
  }

  /// Runs over steps given as `spikes.offsets` and `spikes.indices`. Returns for each step the output of all neurons
  /// and then each state of all neurons; the array is good until the next call.
  run(slot, neurons, spikes) {
    const steps = spikes.offsets.length - 1;
    const length = steps * neurons * (1 + this.wasm._playground_states(slot));
    const offsets = this.memory("offsets", spikes.offsets.length, 4);
    const indices = this.memory("indices", spikes.indices.length, 4);
    const record = this.memory("record", length, 8);
    this.wasm.HEAP32.set(spikes.offsets, offsets / 4);
    this.wasm.HEAP32.set(spikes.indices, indices / 4);
    this.wasm._playground_run(slot, steps, offsets, indices, record);
    return this.wasm.HEAPF64.subarray(record / 8, record / 8 + length);
  }

  /// Memory of the library's side for `count` numbers. It is kept, and grows at least twofold.
  memory(use, count, size) {
    const kept = this.room[use] || { at: 0, bytes: 0 };
    if (kept.bytes < count * size || !kept.at) {
      const bytes = Math.max(1024, 2 * count * size);
      if (kept.at) this.wasm._free(kept.at);
      this.room[use] = { at: this.wasm._malloc(bytes), bytes };
    }
    return this.room[use].at;
  }
}
