// The tracer classes: their parameters in the order of the constructor, and how they are written in C++.
"use strict";

const NEURONS = 5;

const time = (name, value, limits = {}) => ({ name, value, min: 1, max: 500, log: true, unit: "ms", ...limits });
const scale = (name = "scale", value = 1) => ({ name, value, min: 0, max: 2, step: 0.01, unit: "" });
const base = (name = "base") => ({ name, value: 0, min: 0, max: 1, step: 0.01, unit: "" });
// Per millisecond, so that the response to a spike does not depend on dt.
const drive = (value) => ({ name: "scale_2", label: "scale_2 / dt", value, min: 0, max: 1, step: 0.01, unit: "/ms",
                            perStep: true });
const leak = (changes) => [time("tau", 20), { ...scale(), ...changes }, base()];
const cascade = () => [time("tau_1", 5), time("tau_2", 20), scale("scale_1"), drive(0.2), base("base_1"),
                       base("base_2")];

const CLASSES = [
  { name: "Tracer", use: "A fading memory of all recent spikes: STDP, rates, eligibility.",
    law: "trace += decay·(base − trace) + scale·x", parameters: leak(), states: ["trace"] },
  { name: "SaturableTracer", use: "The same, with a ceiling of 1.",
    law: "trace = clip(trace + decay·(base − trace) + scale·x, 0, 1)", parameters: leak({ value: 0.5 }),
    states: ["trace"] },
  { name: "NearestTracer", use: "The memory of the latest spike only: nearest-neighbour STDP.",
    law: "trace += decay·(base − trace)\nwhere x ≠ 0: trace = base + scale·x", parameters: leak(),
    states: ["trace"] },
  { name: "DoubleTracer", use: "A response with a rise: a current on a membrane, calcium, alpha functions.",
    law: "trace_1 += decay_1·(base_1 − trace_1) + scale_1·x\ntrace_2 += decay_2·(base_2 − trace_2) + scale_2·trace_1",
    parameters: cascade(), states: ["trace_1", "trace_2"] },
  { name: "SaturableDoubleTracer", use: "The same, with a ceiling of 1 for each stage.",
    law: "as DoubleTracer, each trace clipped to [0, 1] after its update", parameters: cascade(),
    states: ["trace_1", "trace_2"] },
  { name: "RDTracer", use: "A conductance that rises and decays.",
    law: "value = trace_decay − trace_rise, each a Tracer of x",
    parameters: [time("tau_rise", 5), time("tau_decay", 20), scale("scale_rise"), scale("scale_decay"),
                 base("base_rise"), base("base_decay")],
    states: ["trace_rise", "trace_decay"] },
  { name: "RFSTracer", use: "A conductance with a fast and a slow decay: AMPA and NMDA in one.",
    law: "value = alpha of a fast RDTracer + (1 − alpha) of a slow one",
    parameters: [{ name: "alpha", value: 0.6, min: 0, max: 1, step: 0.01, unit: "" }, time("tau_rise", 3),
                 time("tau_fast_decay", 10), time("tau_slow_decay", 60)],
    states: ["trace_rise_fast", "trace_fast", "trace_rise_slow", "trace_slow"] },
  { name: "RUTracer", use: "Short-term plasticity: the resources R of a synapse, and the share U that a spike uses.",
    law: "U += (1 − U)·scale_U·x − decay_U·U\nrelease = U·R\nR += decay_R·(1 − R) − U·R·x",
    parameters: [time("R_tau", 200), time("U_tau", 50), { name: "scale_U", value: 0.3, min: 0, max: 1, step: 0.01,
                                                           unit: "" }],
    states: ["R", "U"], output: "release" },
];

/// The numbers that the constructor takes. Products are cut to what a person would write.
function constructorArguments(kind, values, dt) {
  return CLASSES[kind].parameters.map((p) => (p.perStep ? Number((values[p.name] * dt).toPrecision(12))
                                                        : values[p.name]));
}

function asDouble(number) {
  return Number.isInteger(number) ? number.toFixed(1) : String(number);
}

/// The line of C++ that makes the tracer.
function cppLine(kind, exact, numbers, dt) {
  const type = `spark::${CLASSES[kind].name}<Eigen::ArrayXd, spark::${exact ? "Exact" : "Euler"}>`;
  const given = [NEURONS, ...numbers.map(asDouble), `spark::Options{${asDouble(dt)}}`];
  return `${type} tracer(${given.join(", ")});`;
}
