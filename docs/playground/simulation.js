// The neurons of the playground: when they spike, and what the library makes of it.
"use strict";

const WINDOW = 400;   // ms that are seen
const MEMORY = 4;     // windows before it whose spikes still count when a parameter changes
const FASTEST = 100;  // Hz, the highest rate of the slider

/// Numbers in [0, 1) that are the same in every browser (mulberry32).
function randomNumbers(seed) {
  return () => {
    seed = (seed + 0x6d2b79f5) | 0;
    let t = Math.imul(seed ^ (seed >>> 15), seed | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

class Simulation {
  constructor(library) {
    this.library = library;
    this.settings = { kind: 0, exact: true, values: {}, dt: 1, rate: 20 };
    this.error = "";
    this.draw(1);
  }

  /// Forgets all spikes and draws new ones. Candidates come at the fastest rate, and each has a mark: those with marks
  /// below the rate spike. So the slider adds and takes spikes but moves none.
  draw(seed) {
    this.random = randomNumbers(seed);
    this.now = WINDOW;
    this.spikes = [];
    this.drawn = Array(NEURONS).fill(0);
    this.drawUntil(this.now);
  }

  drawUntil(ms) {
    for (let neuron = 0; neuron < NEURONS; ++neuron) {
      while (this.drawn[neuron] < ms) {
        this.drawn[neuron] -= (Math.log(1 - this.random()) * 1000) / FASTEST;
        this.spikes.push({ neuron, time: this.drawn[neuron], mark: this.random() * FASTEST });
      }
    }
  }

  clear() {
    this.spikes = this.spikes.filter((s) => s.time >= this.now);
  }

  spiked(spike) {
    return spike.mark < this.settings.rate;
  }

  /// Takes a spike away that is nearer than `reach` ms, or adds one.
  toggle(neuron, time, reach) {
    const near = this.spikes.filter((s) => s.neuron === neuron && this.spiked(s) && Math.abs(s.time - time) <= reach);
    if (near.length > 0) this.spikes = this.spikes.filter((s) => !near.includes(s));
    else this.spikes.push({ neuron, time: (Math.floor(time / this.settings.dt) + 0.5) * this.settings.dt, mark: -1 });
  }

  get steps() {
    return Math.round(WINDOW / this.settings.dt);
  }
  get states() {
    return CLASSES[this.settings.kind].states.length;
  }
  /// How many numbers a step has in the record.
  get width() {
    return NEURONS * (1 + this.states);
  }
  get numbers() {
    return constructorArguments(this.settings.kind, this.settings.values, this.settings.dt);
  }
  get line() {
    return cppLine(this.settings.kind, this.settings.exact, this.numbers, this.settings.dt);
  }
  stepOf(time) {
    return Math.floor(time / this.settings.dt + 1e-9);
  }
  timeOf(k) {
    return (this.end - this.steps + k) * this.settings.dt;
  }

  /// The spikes of steps [begin, end) as the library takes them, step by step.
  lists(begin, end) {
    const inside = this.spikes.filter((s) => this.spiked(s))
                       .map((s) => ({ step: this.stepOf(s.time), neuron: s.neuron }))
                       .filter((s) => s.step >= begin && s.step < end);
    inside.sort((a, b) => a.step - b.step || a.neuron - b.neuron);
    const offsets = new Int32Array(end - begin + 1);
    for (const s of inside) ++offsets[s.step - begin + 1];
    for (let k = 0; k < end - begin; ++k) offsets[k + 1] += offsets[k];
    return { offsets, indices: Int32Array.from(inside, (s) => s.neuron) };
  }

  /// Makes the tracer anew, and a second one with the other integration, and runs both over all that is remembered.
  replay() {
    const { kind, exact, dt } = this.settings;
    this.end = this.stepOf(this.now);
    const begin = this.end - this.steps;
    this.error = this.library.make(0, kind, exact, NEURONS, dt, this.numbers);
    this.hasOther = !this.library.make(1, kind, !exact, NEURONS, dt, this.numbers);
    if (this.error) return;
    const past = this.lists(Math.max(0, begin - MEMORY * this.steps), begin);
    const seen = this.lists(begin, this.end);
    const record = (slot) => {
      this.library.run(slot, NEURONS, past);
      return this.library.run(slot, NEURONS, seen).slice();
    };
    this.record = record(0);
    this.other = this.hasOther ? record(1) : null;
  }

  /// Lets time go on. What leaves the window on the left is forgotten after a while.
  advance(ms) {
    this.now += ms;
    this.drawUntil(this.now);
    this.spikes = this.spikes.filter((s) => s.time > this.now - (MEMORY + 1) * WINDOW);
    const end = this.stepOf(this.now);
    if (this.error || end === this.end) return;
    if (end - this.end > this.steps) return this.replay();
    const spikes = this.lists(this.end, end);
    const append = (slot, record) => {
      const fresh = this.library.run(slot, NEURONS, spikes);
      record.copyWithin(0, fresh.length);
      record.set(fresh, record.length - fresh.length);
    };
    append(0, this.record);
    if (this.other) append(1, this.other);
    this.end = end;
  }

  /// What a single spike leaves in a class with its own parameters, for the small pictures.
  kernel(kind) {
    const steps = 150, dt = 1;
    const values = Object.fromEntries(CLASSES[kind].parameters.map((p) => [p.name, p.value]));
    this.library.make(1, kind, true, 1, dt, constructorArguments(kind, values, dt));
    const onset = CLASSES[kind].output ? [10, 30, 50, 70, 90] : [10];
    const offsets = Int32Array.from({ length: steps + 1 }, (_, k) => onset.filter((t) => t < k).length);
    const record = this.library.run(1, 1, { offsets, indices: new Int32Array(onset.length) });
    const column = Array.from({ length: steps }, (_, k) => record[k * (1 + CLASSES[kind].states.length)]);
    return CLASSES[kind].output ? column.map((v, k) => (onset.includes(k) ? v : 0)) : column;
  }
}
