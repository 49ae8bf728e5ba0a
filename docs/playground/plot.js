// Rasters and traces on a canvas. All share the axis of time and the margin on the left.
"use strict";

const MARGIN = { left: 44, right: 8, top: 8, bottom: 8 };

/// A round number not below `value`, so that the axis stays where it is while traces move.
function ceiling(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].find((k) => k * power >= value * 0.999999) * power;
}

class Plot {
  constructor(canvas) {
    this.canvas = canvas;
    this.pen = canvas.getContext("2d");
  }

  /// Fits the canvas to the pixels of the screen and clears it. `from` to `to` is the range of time in ms.
  begin(from, to, colours) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const ratio = window.devicePixelRatio || 1;
    const pixels = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.canvas.width !== pixels[0] || this.canvas.height !== pixels[1]) {
      [this.canvas.width, this.canvas.height] = pixels;
    }
    Object.assign(this, { from, to, colours, width, height });
    this.left = MARGIN.left;
    this.right = width - MARGIN.right;
    this.top = MARGIN.top;
    this.bottom = height - MARGIN.bottom;
    this.pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.pen.clearRect(0, 0, width, height);
    this.pen.font = "11px system-ui, sans-serif";
    this.pen.lineJoin = "round";
  }

  x(ms) {
    return this.left + ((ms - this.from) / (this.to - this.from)) * (this.right - this.left);
  }
  timeAt(x) {
    return this.from + ((x - this.left) / (this.right - this.left)) * (this.to - this.from);
  }
  y(value) {
    return this.bottom - ((value - this.low) / (this.high - this.low)) * (this.bottom - this.top);
  }

  line(x0, y0, x1, y1, colour, width = 1) {
    this.pen.strokeStyle = colour;
    this.pen.lineWidth = width;
    this.pen.beginPath();
    this.pen.moveTo(x0, y0);
    this.pen.lineTo(x1, y1);
    this.pen.stroke();
  }

  text(what, x, y, colour, align = "left") {
    this.pen.fillStyle = colour;
    this.pen.textAlign = align;
    this.pen.textBaseline = "middle";
    this.pen.fillText(what, x, y);
  }

  /// Ticks of time every 100 ms, with their numbers where there is room for them.
  timeAxis(numbers) {
    if (numbers) this.bottom -= 14;
    for (let ms = Math.ceil(this.from / 100) * 100; ms <= this.to; ms += 100) {
      const x = this.x(ms);
      this.line(x, this.top, x, this.bottom, this.colours.grid);
      if (numbers && x < this.right - 30) this.text(`${ms}`, x, this.bottom + 9, this.colours.faint, "center");
    }
    if (numbers) this.text("ms", this.right, this.bottom + 9, this.colours.faint, "right");
  }

  valueAxis(low, high) {
    this.low = Math.min(0, low);
    if (this.low < 0) this.low = -ceiling(-this.low);
    this.high = ceiling(high);
    for (const value of [this.low, (this.low + this.high) / 2, this.high]) {
      const y = Math.round(this.y(value)) + 0.5;
      this.line(this.left, y, this.right, y, this.colours.grid);
      this.text(String(Number(value.toPrecision(3))), this.left - 6, y, this.colours.faint, "right");
    }
  }

  /// values[first + k * stride] for k = 0, 1, ...; `time(k)` is when.
  curve(values, first, stride, count, time, colour, width, dash = []) {
    const { pen } = this;
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.setLineDash(dash);
    pen.beginPath();
    for (let k = 0; k < count; ++k) {
      const x = this.x(time(k));
      const y = this.y(values[first + k * stride]);
      if (k === 0) pen.moveTo(x, y);
      else pen.lineTo(x, y);
    }
    pen.stroke();
    pen.setLineDash([]);
  }

  /// A row for each neuron, with its number on the left.
  raster(spikes, rows, selected) {
    const height = (this.bottom - this.top) / rows;
    for (let row = 0; row < rows; ++row) {
      const y = this.top + (row + 0.5) * height;
      this.line(this.left, y, this.right, y, this.colours.grid);
      this.text(String(row + 1), this.left - 14, y, row === selected ? this.colours.ink : this.colours.faint, "right");
      this.line(this.left - 10, y, this.left - 3, y, this.colours.neurons[row], row === selected ? 5 : 2);
    }
    for (const { neuron, time } of spikes) {
      if (time < this.from || time > this.to) continue;
      const y = this.top + (neuron + 0.5) * height;
      const half = height * (neuron === selected ? 0.42 : 0.32);
      this.line(this.x(time), y - half, this.x(time), y + half, this.colours.neurons[neuron], 2);
    }
  }
  rowAt(y, rows) {
    return Math.floor(((y - this.top) / (this.bottom - this.top)) * rows);
  }

  cursor(ms) {
    const x = this.x(ms);
    this.line(x, this.top, x, this.bottom, this.colours.faint);
  }
}

/// A small picture of what one spike leaves: the points of a polyline of SVG in a box of 100 x 32.
function sparkline(values) {
  const high = Math.max(...values) || 1;
  return values.map((v, k) => `${((k / (values.length - 1)) * 100).toFixed(1)},${(30 - (v / high) * 27).toFixed(1)}`)
      .join(" ");
}
