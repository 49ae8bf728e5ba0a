/// \file
/// Running gnuplot, where there is one.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <string>

namespace support {

enum class Drawing { Unwanted, Done, NoGnuplot, Failed };

/// Lets gnuplot draw `figure.gnuplot` inside its folder, so that no path has to survive a shell.
inline Drawing draw_figure(const std::filesystem::path& folder) {
  namespace fs = std::filesystem;
#ifdef _WIN32
  const char* const is_there = "gnuplot --version > NUL 2>&1";
#else
  const char* const is_there = "gnuplot --version > /dev/null 2>&1";
#endif
  if (std::system(is_there) != 0) return Drawing::NoGnuplot;

  const fs::path here = fs::current_path();
  fs::current_path(folder);
  const int status = std::system("gnuplot figure.gnuplot");
  fs::current_path(here);

  if (status == 0) return Drawing::Done;
  for (const char* half : {"figure.svg", "figure.png"}) fs::remove(folder / half);
  return Drawing::Failed;
}

/// For the list of files that the program prints at its end.
inline std::string drawn(Drawing drawing) {
  switch (drawing) {
    case Drawing::Unwanted: return "";
    case Drawing::Done: return ", figure.svg, figure.png, figure.gnuplot";
    case Drawing::NoGnuplot:
      return ", figure.gnuplot\n"
             "gnuplot was not found, so the figure is not drawn yet: `gnuplot figure.gnuplot` will "
             "do it, "
             "all data is in there.";
    case Drawing::Failed: return ", figure.gnuplot";
  }
  return "";
}

}  // namespace support
