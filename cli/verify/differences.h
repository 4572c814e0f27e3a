#pragma once

// What a verifier finds.

#include <string>
#include <utility>
#include <vector>

namespace tributary::cli {

// What differs, in words, as checks find it.
class Differences {
 public:
  void Differ(std::string what) { differences_.push_back(prefix_ + std::move(what)); }
  void Want(bool holds, const std::string& what, const std::string& stated, const std::string& found) {
    if (!holds) Differ(what + ": stated " + stated + ", worked out " + found);
  }
  void SetPrefix(std::string prefix) { prefix_ = std::move(prefix); }
  std::vector<std::string> Take() && { return std::move(differences_); }

 private:
  std::string prefix_;
  std::vector<std::string> differences_;
};

}  // namespace tributary::cli
