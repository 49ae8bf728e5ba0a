// Uses the playground as a reader would, in two widths. Writes, as a comment below the page, what is then shown as C++,
// for numbers.cpp, and each problem as a line that begins with PROBLEM.
"use strict";

// A frame that is still being written keeps the browser from saying that all is loaded, and so from ending.
document.getElementById("hold").contentDocument.open();
const lines = [];
const expect = (condition, text) => condition || lines.push(`PROBLEM ${text}`);
const list = (numbers) => `{${[...numbers].join(", ")}}`;
const wait = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

async function opened(id) {
  const frame = document.getElementById(id);
  for (let tries = 0; tries < 200 && !frame.contentWindow.playground; ++tries) await wait(50);
  await frames(frame.contentWindow, 2);
  return frame.contentWindow;
}

async function frames(page, count) {
  for (let k = 0; k < count; ++k) await new Promise((done) => page.requestAnimationFrame(done));
}

const control = (page, selector) => page.document.querySelector(selector);

function move(page, name, share) {
  const slider = control(page, `.slider input[name=${name}]`);
  slider.value = Number(slider.min) + share * (slider.max - slider.min);
  slider.dispatchEvent(new page.Event("input", { bubbles: true }));
}

function mouse(page, selector, type, xShare, yShare) {
  const target = control(page, selector);
  const box = target.getBoundingClientRect();
  const at = { clientX: box.left + xShare * box.width, clientY: box.top + yShare * box.height };
  target.dispatchEvent(new page.PointerEvent(type, { ...at, bubbles: true, pointerType: "mouse" }));
}

/// The numbers in the table, as C++ that compares them: the labels of the rows are members of the tracer.
function shown(page, end) {
  lines.push(`  steps.play(tracer, ${end});`);
  for (const row of page.document.querySelectorAll("#body tr")) {
    const [label, ...numbers] = [...row.cells].map((cell) => cell.textContent);
    const native = `${["spikes", "release"].includes(label) ? "steps" : "tracer"}.${label}`;
    lines.push(`  shown("${control(page, "#when").textContent}: ${label}", ${native}, ${list(numbers)});`);
  }
}

async function tracerCase(page) {
  const { simulation } = page.playground;
  const { offsets, indices } = simulation.lists(0, simulation.end);
  lines.push(`{ ${control(page, "#line").textContent}`, `  Steps steps{${list(offsets)}, ${list(indices)}};`);
  for (const share of [0.3, 0.7, null]) {
    mouse(page, "#values", share ? "pointermove" : "pointerleave", share || 0, 0.5);
    await frames(page, 2);
    const { cursor } = page.playground;
    shown(page, cursor === null ? simulation.steps : Math.floor(cursor * simulation.steps) + 1);
  }
  lines.push("}");
}

/// Every class with both integrations, as the page opens and with all sliders moved.
async function allClasses(page) {
  for (const radio of page.document.querySelectorAll("input[name=class]")) {
    for (const integration of ["exact", "euler"]) {
      radio.click();
      control(page, `input[value=${integration}]`).click();
      control(page, "#restore").click();
      move(page, "dt", 0.4);
      await tracerCase(page);
      page.document.querySelectorAll(".slider input")
          .forEach(({ name }, k) => move(page, name, name === "dt" ? 0.2 : 0.35 + 0.07 * k));
      control(page, "#draw").click();
      await tracerCase(page);
    }
  }
}

async function clicks(page) {
  const count = () => page.playground.simulation.lists(0, page.playground.simulation.end).indices.length;
  control(page, "#clear").click();
  expect(count() === 0, "Clear leaves spikes");
  mouse(page, "#raster", "click", 0.5, 0.5);
  mouse(page, "#raster", "click", 0.8, 0.2);
  expect(count() === 2, `two clicks set ${count()} spikes`);
  mouse(page, "#raster", "click", 0.5, 0.5);
  expect(count() === 1, "a click on a spike does not take it away");
  move(page, "rate", 0);
  expect(count() === 1, "the rate takes a spike away that was clicked");
  control(page, "#draw").click();
  move(page, "rate", 1);
  const most = count();
  move(page, "rate", 0.5);
  expect(most > 130 && count() > 0.3 * most && count() < 0.7 * most, `the rate draws ${most} and then ${count()}`);
}

/// What the library refuses, the page says in the library's words.
function refusal(page) {
  control(page, "input[name=class]").click();
  control(page, "input[value=euler]").click();
  move(page, "dt", 1);
  move(page, "tau", 0.1);
  const error = control(page, "#error");
  expect(!error.hidden, "nothing is said of a tau below dt");
  lines.push(`CHECK_THROWS_MATCHES(([] { ${control(page, "#line").textContent} })(), std::invalid_argument,`,
             `                     Catch::Matchers::Message("${error.textContent}"));`);
  control(page, "input[value=exact]").click();
  expect(error.hidden, "the error stays");
}

/// Traces run on from frame to frame as if they had been run at once, and fast enough.
async function playing(page) {
  const { playground } = page, { simulation } = playground;
  const work = [], { show } = playground;
  playground.show = () => { const start = performance.now(); show.call(playground); work.push(performance.now() - start); };
  move(page, "dt", 0);
  control(page, "#play").click();
  await frames(page, 120);
  control(page, "#play").click();
  const ran = simulation.record.slice();
  simulation.replay();
  expect(simulation.now > 400, "time stands still");
  expect(ran.every((v, k) => Math.abs(v - simulation.record[k]) < 1e-12), "played traces are not those of a replay");
  const median = work.sort((a, b) => a - b)[work.length >> 1];
  expect(median < 16, `a frame takes ${median} ms`);
}

function fits(page, width) {
  const { scrollWidth } = page.document.documentElement;
  expect(page.innerWidth === width && scrollWidth <= width, `${scrollWidth} pixels on a screen of ${width}`);
  for (const canvas of page.document.querySelectorAll("canvas:not([hidden])")) {
    const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
    expect(data.some((byte) => byte !== 0), `nothing is drawn in ${canvas.id}`);
  }
}

async function test() {
  const wide = await opened("wide"), narrow = await opened("narrow");
  if (location.search === "?look") return;
  await allClasses(wide);
  for (const page of [wide, narrow]) {
    await clicks(page);
    control(page, "#copy").click();
    await wait(200);
    expect(control(page, "#copy").textContent === "Copied", "the line is not copied");
    refusal(page);
    await playing(page);
    for (const radio of page.document.querySelectorAll("input[name=class]")) {
      radio.click();
      await frames(page, 1);
      fits(page, page === wide ? 1280 : 390);
    }
  }
}

test().catch((error) => expect(false, error.stack)).finally(() => {
  document.body.append(new Comment(`${lines.join("\n")}\n`));
  document.getElementById("hold").contentDocument.close();
});
