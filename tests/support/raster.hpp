// The same input in all its forms.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "compare.hpp"

namespace suite {

using Inputs = std::vector<double>;  // of one step, element by element in storage order
using Indices = std::vector<int>;
using Words = std::vector<std::uint64_t>;
using Outputs = std::vector<std::vector<real>>;  // step by step

inline Words bits_of(const Inputs& x) {
  Words words((x.size() + 63) / 64);
  for (std::size_t i = 0; i < x.size(); ++i)
    if (x[i] != 0) words[i / 64] |= std::uint64_t{1} << (i % 64);
  return words;
}

enum class Form { booleans, bytes, scalars, bits, events };
constexpr Form every_form[] = {Form::booleans, Form::bytes, Form::scalars, Form::bits, Form::events};
// Which forms can say that an element spiked twice.
constexpr bool counts(Form f) { return f != Form::booleans && f != Form::bits; }
inline const char* name_of(Form f) {
  static constexpr const char* names[] = {"booleans", "bytes", "scalars", "bits", "events"};
  return names[static_cast<int>(f)];
}

// Counts may exceed 1 where an index occurs more than once.
struct Raster {
  Index size = 0, steps = 0;
  std::vector<Inputs> counts;  // steps x elements
  std::vector<Indices> lists;  // unsorted

  static Raster random(Index size, Index steps, bool repeated, Random& random) {
    Raster r{size, steps, std::vector<Inputs>(static_cast<std::size_t>(steps)), {}};
    for (Inputs& row : r.counts) {
      Indices list;
      const double rate = random.uniform() * random.uniform();
      for (int i = 0; i < size; ++i) {
        row.push_back(!random.chance(rate) ? 0 : repeated ? static_cast<double>(1 + random.below(3)) : 1);
        list.insert(list.end(), static_cast<std::size_t>(row.back()), i);
      }
      for (auto end = list.end(); end - list.begin() > 1; --end)
        std::iter_swap(end - 1, list.begin() + random.below(end - list.begin()));
      r.lists.push_back(list);
    }
    return r;
  }

  // Some of the steps, and of the elements the first few.
  Raster part(Index first, Index last) const {
    const auto row = counts.begin();
    return {size, last - first, {row + first, row + last}, {lists.begin() + first, lists.begin() + last}};
  }
  Raster head(Index elements) const {
    Raster r{elements, steps, counts, lists};
    for (Inputs& row : r.counts) row.resize(static_cast<std::size_t>(elements));
    for (Indices& list : r.lists)
      list.erase(std::remove_if(list.begin(), list.end(), [&](int i) { return i >= elements; }), list.end());
    return r;
  }

  Words bits() const {
    Words all;
    for (const Inputs& row : counts)
      for (std::uint64_t word : bits_of(row)) all.push_back(word);
    return all;
  }
  std::vector<std::int64_t> offsets() const {
    std::vector<std::int64_t> all = {0};
    for (const Indices& list : lists) all.push_back(all.back() + static_cast<std::int64_t>(list.size()));
    return all;
  }
  Indices indices() const {
    Indices all;
    for (const Indices& list : lists) all.insert(all.end(), list.begin(), list.end());
    return all;
  }
  template <class S> ColumnMajor<S> dense() const {
    return ColumnMajor<S>::NullaryExpr(size, steps, [this](Index i, Index k) {
      return from_real<S>(counts[static_cast<std::size_t>(k)][static_cast<std::size_t>(i)]);
    });
  }
};

}  // namespace suite
