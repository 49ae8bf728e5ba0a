/// \file
/// traces.csv: one line per step and unit, a column per kind of trace.
#pragma once

#include "../support/output.hpp"
#include "bins.hpp"
#include "figure.hpp"
#include "recording.hpp"
#include "view.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <utility>
#include <vector>

namespace trace_recording {

/// Written while the tracers run, so that its length is bounded by the disk and not by the memory.
class TracesCsv {
 public:
  TracesCsv(const support::OutputFolder& folder, const Recording& recording, const View& view, double dt,
            const std::vector<std::string>& columns)
      : file_(folder.file("traces.csv")), ids_(recording.ids), view_(view), dt_(dt) {
    text_ = "time_ms,unit";
    for (const std::string& name : columns) text_ += "," + name;
    text_ += '\n';
  }

  /// Takes what lies in view of a block, whose outputs are given kind by kind.
  void add(const Block& block, const std::vector<Record>& records) {
    const std::int64_t end = std::min(block.end(), view_.last);
    for (std::int64_t step = std::max(block.first, view_.first); step < end; ++step) {
      for (const std::int64_t unit : view_.units) {
        // Ten digits: more than any recording holds, and a grid of times prints as it was meant.
        append("%.10g,", static_cast<double>(step) * dt_);
        text_ += std::to_string(ids_[static_cast<std::size_t>(unit)]);
        for (const Record& record : records) append(",%.10g", record(unit, step - block.first));
        text_ += '\n';
      }
    }
    file_.write(std::exchange(text_, {}));
  }

  void close() { file_.close(); }

 private:
  void append(const char* format, double value) {
    char number[32];
    std::snprintf(number, sizeof number, format, value);
    text_ += number;
  }

  support::OutputFile file_;
  std::vector<std::int64_t> ids_;
  View view_;
  double dt_;
  std::string text_;
};

}  // namespace trace_recording
