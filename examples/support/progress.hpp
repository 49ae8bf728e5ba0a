/// \file
/// Long work in a terminal: shows how far it is, and stops when asked to.
#pragma once

#include <chrono>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>

#ifdef _WIN32
#include <io.h>
#else
#include <unistd.h>
#endif

namespace support {

/// A bar on stderr, only where someone is watching and only once the work has lasted a while.
///
/// While it lives, Ctrl-C does not kill the program: the next `show` throws, so that whoever holds
/// half-written files gets the chance to remove them.
class Progress {
 public:
  Progress(std::string what, std::int64_t total) : what_(std::move(what)), total_(total) { stop_requested() = 0; }
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  ~Progress() {
    clear();
    std::signal(SIGINT, on_interrupt_);
    std::signal(SIGTERM, on_terminate_);
  }

  void show(std::int64_t done) {
    if (stop_requested()) throw std::runtime_error("interrupted");
    if (done >= total_) return clear();
    const auto now = Clock::now();
    if (!watched_ || now < next_) return;
    next_ = now + std::chrono::milliseconds(100);

    const double share = static_cast<double>(done) / static_cast<double>(total_);
    const double seconds = std::chrono::duration<double>(now - start_).count();
    constexpr int width = 40;
    const auto filled = static_cast<std::size_t>(width * share);
    const std::string bar = std::string(filled, '=') + std::string(width - filled, ' ');
    std::fprintf(stderr, "\r%s [%s] %3.0f %%, %.0f s left  ", what_.c_str(), bar.c_str(), 100 * share,
                 seconds * (1 - share) / share);
    drawn_ = true;
  }

 private:
  using Clock = std::chrono::steady_clock;
  using Handler = void (*)(int);

  static volatile std::sig_atomic_t& stop_requested() {
    static volatile std::sig_atomic_t requested = 0;
    return requested;
  }
  static void request_stop(int) { stop_requested() = 1; }
  static Handler handle(int signal) {
    const Handler former = std::signal(signal, request_stop);
    if (former == SIG_IGN) std::signal(signal, SIG_IGN);  // as `nohup` and `&` want it
    return former;
  }

  static bool is_terminal() {
#ifdef _WIN32
    return _isatty(_fileno(stderr)) != 0;
#else
    return isatty(fileno(stderr)) != 0;
#endif
  }

  void clear() {
    if (drawn_) std::fprintf(stderr, "\r%79s\r", "");
    drawn_ = false;
  }

  std::string what_;
  std::int64_t total_;
  bool watched_ = is_terminal();
  bool drawn_ = false;
  Handler on_interrupt_ = handle(SIGINT);
  Handler on_terminate_ = handle(SIGTERM);
  Clock::time_point start_ = Clock::now();
  Clock::time_point next_ = start_ + std::chrono::milliseconds(500);
};

}  // namespace support
