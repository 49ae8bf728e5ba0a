// The page: controls, pictures and numbers of one simulation.
"use strict";

const SPEED = 0.1;  // of model time against that of the reader
const STEPS_OF_DT = [0.25, 0.5, 1, 2, 5, 10];
const element = (id) => document.getElementById(id);

class Playground {
  constructor(library) {
    this.simulation = new Simulation(library);
    this.plots = { raster: new Plot(element("raster")), values: new Plot(element("values")),
                   states: new Plot(element("states")) };
    this.selected = 0;
    this.cursor = null;  // a share of the window, or null: now
    this.keys = { neuron: 0, share: 0.5 };
    this.playing = false;
    this.seed = 1;
    this.readColours();
    this.makeClasses();
    this.connect();
    const named = CLASSES.findIndex((c) => c.name === location.hash.slice(1));
    this.choose(Math.max(0, named));
    requestAnimationFrame((time) => this.frame(time));
  }

  get settings() {
    return this.simulation.settings;
  }
  get law() {
    return CLASSES[this.settings.kind];
  }

  readColours() {
    const style = getComputedStyle(document.documentElement);
    const of = (name) => style.getPropertyValue(`--${name}`).trim();
    this.colours = { ink: of("ink"), faint: of("faint"), grid: of("grid"), accent: of("accent"),
                     neurons: [0, 1, 2, 3, 4].map((k) => of(`neuron-${k}`)),
                     states: [0, 1, 2, 3].map((k) => of(`state-${k}`)) };
    this.stale = true;
  }

  // --- controls ---------------------------------------------------------------------------------------

  makeClasses() {
    element("classes").insertAdjacentHTML("beforeend", CLASSES.map((c, kind) => `
      <label><input type="radio" name="class" value="${kind}"><span>
        <svg viewBox="0 0 100 32" preserveAspectRatio="none" aria-hidden="true">
          <polyline points="${sparkline(this.simulation.kernel(kind))}"/></svg>
        ${c.name.replace(/(?=[A-Z][a-z])/g, "&ZeroWidthSpace;")}</span></label>`).join(""));
  }

  /// Shows a class, with the values that it had when it was left.
  choose(kind) {
    this.settings.kind = kind;
    for (const p of this.law.parameters) this.settings.values[p.name] ??= p.value;
    document.querySelector(`input[name=class][value="${kind}"]`).checked = true;
    element("use").textContent = this.law.use;
    element("law").textContent = this.law.law;
    this.makeSliders();
    this.makeTable();
    this.changed();
  }

  makeSliders() {
    const { settings } = this;
    element("sliders").replaceChildren();
    for (const p of this.law.parameters) {
      this.addSlider(p, settings.values[p.name], (value) => (settings.values[p.name] = value));
    }
    const rate = { name: "rate", label: "rate of drawn spikes", min: 0, max: FASTEST, step: 1, unit: "Hz" };
    this.addSlider(rate, settings.rate, (value) => (settings.rate = value)).classList.add("input-side");
    this.addSlider({ name: "dt", choices: STEPS_OF_DT, unit: "ms" }, settings.dt, (value) => (settings.dt = value));
  }

  /// A slider moves over a range, over its logarithm or over choices.
  addSlider(p, value, set) {
    const scales = p.choices ? [0, p.choices.length - 1, 1] : p.log ? [Math.log(p.min), Math.log(p.max), 0.01]
                                                                    : [p.min, p.max, p.step];
    const toValue = (at) => (p.choices ? p.choices[at] : p.log ? Number(Math.exp(at).toPrecision(2)) : Number(at));
    const at = p.choices ? p.choices.indexOf(value) : p.log ? Math.log(value) : value;
    const row = document.createElement("label");
    row.className = "slider";
    row.innerHTML = `<span>${p.label || p.name}</span><output></output>
      <input type="range" name="${p.name}" min="${scales[0]}" max="${scales[1]}" step="${p.log ? "any" : scales[2]}">`;
    const [, output, input] = row.children;
    const show = (number) => (output.textContent = `${number} ${p.unit}`);
    input.value = at;
    show(value);
    input.addEventListener("input", () => {
      const number = toValue(input.value);
      set(number);
      show(number);
      this.changed();
    });
    element("sliders").append(row);
    return row;
  }

  makeTable() {
    const { law } = this;
    const states = law.states.length > 1 ? law.states : [];
    this.rows = ["spikes", law.output || "value()", ...states.map((s) => (law.output ? `trace_${s}()` : `${s}()`))];
    element("head").innerHTML = `<tr><th>neuron</th>${[1, 2, 3, 4, 5].map((k) => `<th>${k}</th>`).join("")}</tr>`;
    element("body").innerHTML =
        this.rows.map((row) => `<tr><th>${row}</th>${"<td></td>".repeat(NEURONS)}</tr>`).join("");
    this.cells = [...element("body").rows].map((row) => [...row.cells].slice(1));
    [...element("head").rows[0].cells].slice(1).forEach((cell, n) => cell.addEventListener("click", () => this.select(n)));
    this.select(this.selected);
  }

  select(neuron) {
    this.selected = neuron;
    for (const row of document.querySelectorAll("tr")) {
      [...row.cells].forEach((cell, column) => cell.classList.toggle("selected", column === neuron + 1));
    }
    this.stale = true;
  }

  /// After each change of a parameter or of a spike.
  changed() {
    this.simulation.replay();
    const { error } = this.simulation;
    element("error").textContent = error;
    element("error").hidden = !error;
    document.querySelector(".view").classList.toggle("refused", Boolean(error));
    element("line").textContent = this.simulation.line;
    const names = this.law.parameters.map((p) => p.name).join(", ");
    element("arguments").textContent = `In brackets: neurons, ${names}, and the length of a step. ` +
        "A step with a list of those that spiked is tracer(spark::spikes(fired)).";
    this.titles();
    this.stale = true;
  }

  titles() {
    const other = this.settings.exact ? "Euler" : "Exact";
    const keys = this.simulation.hasOther && !this.law.output ? `<span class="key dashed">the same by ${other}</span>` : "";
    element("value-title").innerHTML = `<span>${this.law.output ? "release of each spike" : "value()"}</span>${keys}`;
    const many = this.law.states.length > 1;
    element("states").hidden = element("states-title").hidden = !many;
    element("states-title").innerHTML = this.law.states.map((s, j) =>
      `<span class="key" style="--colour: var(--state-${j})">${s}</span>`).join("");
  }

  // --- what the reader does ---------------------------------------------------------------------------

  connect() {
    element("classes").addEventListener("change", (event) => this.choose(Number(event.target.value)));
    document.querySelector(".segments").addEventListener("change", (event) => {
      this.settings.exact = event.target.value === "exact";
      this.changed();
    });
    element("play").addEventListener("click", () => this.play(!this.playing));
    element("draw").addEventListener("click", () => this.edit(() => this.simulation.draw(++this.seed)));
    element("clear").addEventListener("click", () => this.edit(() => this.simulation.clear()));
    element("restore").addEventListener("click", () => {
      for (const p of this.law.parameters) this.settings.values[p.name] = p.value;
      this.choose(this.settings.kind);
    });
    element("copy").addEventListener("click", () => this.copy());
    element("raster").addEventListener("click", (event) => this.click(event));
    element("raster").addEventListener("keydown", (event) => this.key(event));
    for (const plot of Object.values(this.plots)) {
      plot.canvas.addEventListener("pointermove", (event) => this.point(plot, event));
      plot.canvas.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && this.point(plot, null));
    }
    window.addEventListener("resize", () => (this.stale = true));
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.readColours());
  }

  edit(change) {
    change();
    this.changed();
  }

  play(playing) {
    this.playing = playing;
    this.last = null;
    this.cursor = null;
    element("play").textContent = playing ? "Pause" : "Play";
  }

  /// Where the reader clicks in the raster: on a neuron's number, or at a time.
  click(event) {
    const plot = this.plots.raster;
    const neuron = Math.min(NEURONS - 1, Math.max(0, plot.rowAt(event.offsetY, NEURONS)));
    this.select(neuron);
    if (event.offsetX < plot.left || event.offsetX > plot.right) return;
    const reach = plot.timeAt(6) - plot.timeAt(0);
    this.edit(() => this.simulation.toggle(neuron, plot.timeAt(event.offsetX), reach));
  }

  key(event) {
    const { keys } = this;
    const moves = { ArrowLeft: [0, -0.01], ArrowRight: [0, 0.01], ArrowUp: [-1, 0], ArrowDown: [1, 0], " ": [0, 0] };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    keys.neuron = Math.min(NEURONS - 1, Math.max(0, keys.neuron + move[0]));
    keys.share = Math.min(0.995, Math.max(0, keys.share + move[1]));
    this.cursor = keys.share;
    this.select(keys.neuron);
    const { from, to } = this.range();
    const time = from + keys.share * (to - from);
    if (event.key === " ") this.edit(() => this.simulation.toggle(keys.neuron, time, 0.005 * WINDOW));
  }

  point(plot, event) {
    const share = event && (event.offsetX - plot.left) / (plot.right - plot.left);
    this.cursor = event && share >= 0 && share < 1 ? share : null;
    this.stale = true;
  }

  async copy() {
    const text = element("line").textContent;
    try {
      await navigator.clipboard.writeText(text);
    } catch {  // pages from a folder may not, in some browsers
      getSelection().selectAllChildren(element("line"));
      document.execCommand("copy");
    }
    element("copy").textContent = "Copied";
    setTimeout(() => (element("copy").textContent = "Copy"), 1200);
  }

  // --- what the reader sees ---------------------------------------------------------------------------

  range() {
    const to = this.simulation.end * this.settings.dt;
    return { from: to - WINDOW, to };
  }

  frame(time) {
    if (this.playing) {
      if (this.last) this.simulation.advance(Math.min(100, time - this.last) * SPEED);
      this.last = time;
      this.stale = true;
    }
    if (this.stale) this.show();
    requestAnimationFrame((next) => this.frame(next));
  }

  show() {
    this.stale = false;
    const { from, to } = this.range();
    for (const plot of Object.values(this.plots)) plot.begin(from, to, this.colours);
    this.showRaster();
    if (this.simulation.error) return;
    this.showValues();
    if (this.law.states.length > 1) this.showStates();
    if (this.cursor !== null) Object.values(this.plots).forEach((plot) => plot.cursor(from + this.cursor * WINDOW));
    this.showNumbers();
  }

  showRaster() {
    const plot = this.plots.raster;
    plot.timeAxis(true);
    plot.raster(this.simulation.spikes.filter((s) => this.simulation.spiked(s)), NEURONS, this.selected);
  }

  showValues() {
    const { simulation, colours } = this;
    const plot = this.plots.values;
    const { record, steps, width } = simulation;
    plot.timeAxis(false);
    let low = 0, high = 0;
    for (let k = 0; k < steps; ++k) {
      for (let n = 0; n < NEURONS; ++n) {
        low = Math.min(low, record[k * width + n]);
        high = Math.max(high, record[k * width + n]);
      }
    }
    plot.valueAxis(low, high);
    if (this.law.output) return this.showReleases();
    const time = (k) => simulation.timeOf(k);
    const draw = (values, n, colour, thick, dash) => plot.curve(values, n, width, steps, time, colour, thick, dash);
    const order = [0, 1, 2, 3, 4].filter((n) => n !== this.selected);
    plot.pen.globalAlpha = 0.45;
    for (const n of order) draw(record, n, colours.neurons[n], 1.2);
    plot.pen.globalAlpha = 1;
    draw(record, this.selected, colours.neurons[this.selected], 2.2);
    if (simulation.other) draw(simulation.other, this.selected, colours.faint, 1.4, [4, 3]);
  }

  /// A line for each spike, as high as what it releases.
  showReleases() {
    const { simulation, colours } = this;
    const plot = this.plots.values;
    const begin = simulation.end - simulation.steps;
    for (const spike of simulation.spikes) {
      const k = simulation.stepOf(spike.time) - begin;
      if (!simulation.spiked(spike) || k < 0 || k >= simulation.steps) continue;
      const x = plot.x(simulation.timeOf(k));
      plot.pen.globalAlpha = spike.neuron === this.selected ? 1 : 0.45;
      plot.line(x, plot.bottom, x, plot.y(simulation.record[k * simulation.width + spike.neuron]),
                colours.neurons[spike.neuron], spike.neuron === this.selected ? 3 : 1.5);
    }
    plot.pen.globalAlpha = 1;
  }

  showStates() {
    const { record, width, steps, states } = this.simulation;
    const plot = this.plots.states;
    const first = (j) => (1 + j) * NEURONS + this.selected;
    let low = 0, high = 0;
    for (let j = 0; j < states; ++j) {
      for (let k = 0; k < steps; ++k) {
        low = Math.min(low, record[k * width + first(j)]);
        high = Math.max(high, record[k * width + first(j)]);
      }
    }
    plot.timeAxis(false);
    plot.valueAxis(low, high);
    for (let j = 0; j < states; ++j) {
      plot.curve(record, first(j), width, steps, (k) => this.simulation.timeOf(k), this.colours.states[j], 1.6);
    }
  }

  showNumbers() {
    const { simulation, cells, rows } = this;
    const k = this.cursor === null ? simulation.steps - 1 : Math.floor(this.cursor * simulation.steps);
    const begin = simulation.end - simulation.steps;
    const time = Number(simulation.timeOf(k).toFixed(2));
    element("when").textContent = `Numbers after the step at ${time} ms${this.cursor === null ? ", the latest" : ""}`;
    for (let n = 0; n < NEURONS; ++n) {
      const seen = simulation.spikes.filter((s) => s.neuron === n && simulation.spiked(s) &&
                                                   simulation.stepOf(s.time) >= begin &&
                                                   simulation.stepOf(s.time) <= begin + k);
      cells[0][n].textContent = seen.length;
      for (let row = 1; row < rows.length; ++row) {
        cells[row][n].textContent = simulation.record[k * simulation.width + (row - 1) * NEURONS + n].toFixed(6);
      }
    }
  }
}

Library.load().then((library) => (window.playground = new Playground(library)));
