/// \file
/// A folder whose files appear complete or not at all.
#pragma once

#include <cerrno>
#include <filesystem>
#include <fstream>
#include <random>
#include <stdexcept>
#include <string>
#include <system_error>
#include <utility>
#include <vector>

namespace support {

namespace fs = std::filesystem;

/// A text file on its way; that the disk accepted every byte is checked, not hoped.
class OutputFile {
 public:
  /// Written at `staging`; `place`, where it will lie in the end, is for messages.
  OutputFile(const fs::path& staging, fs::path place) : place_(std::move(place)) {
    errno = 0;
    out_.open(staging, std::ios::binary);
    check();
  }

  void write(const std::string& text) {
    errno = 0;
    out_.write(text.data(), static_cast<std::streamsize>(text.size()));
    check();
  }

  void close() {
    errno = 0;
    out_.close();
    check();
  }

 private:
  void check() const {
    if (out_) return;
    const std::string reason = errno ? std::generic_category().message(errno) : "the disk refused";
    throw std::runtime_error(place_.string() + ": cannot be written: " + reason);
  }

  fs::path place_;
  std::ofstream out_;
};

/// Everything is first written to a hidden folder inside `target`, where a rename cannot cross file
/// systems. `publish` moves the files to their places; without it, whatever the reason, the
/// destructor leaves the disk as it was.
class OutputFolder {
 public:
  explicit OutputFolder(const fs::path& target) : shown_(target), target_(fs::absolute(target)) {
    std::error_code error;
    for (fs::path p = target_; !fs::exists(p, error) && p.has_relative_path(); p = p.parent_path()) {
      created_.push_back(p);
    }
    staging_ = target_ / (".partial-" + std::to_string(std::random_device{}()));
    fs::create_directories(staging_, error);
    if (error) {
      clean_up();
      throw std::runtime_error(shown_.string() + ": cannot be written to: " + error.message());
    }
  }
  OutputFolder(const OutputFolder&) = delete;
  OutputFolder& operator=(const OutputFolder&) = delete;
  ~OutputFolder() { clean_up(); }

  const fs::path& staging() const { return staging_; }

  OutputFile file(const std::string& name) const {
    const fs::path place = shown_ / name;
    if (fs::is_directory(place)) throw std::runtime_error(place.string() + ": cannot be written: it is a folder");
    return {staging_ / name, place};
  }

  void write(const std::string& name, const std::string& text) const {
    OutputFile out = file(name);
    out.write(text);
    out.close();
  }

  void publish() {
    const std::vector<fs::path> files{fs::directory_iterator(staging_), fs::directory_iterator()};
    for (const fs::path& file : files) {
      std::error_code error;
      fs::rename(file, target_ / file.filename(), error);
      const fs::path place = shown_ / file.filename();
      if (error) throw std::runtime_error(place.string() + ": cannot be written: " + error.message());
    }
    created_.clear();
  }

 private:
  void clean_up() noexcept {
    std::error_code ignored;
    fs::remove_all(staging_, ignored);
    for (const fs::path& folder : created_) fs::remove(folder, ignored);  // innermost first, if empty
  }

  fs::path shown_;  // as the user wrote it
  fs::path target_;
  fs::path staging_;
  std::vector<fs::path> created_;
};

}  // namespace support
