#pragma once

// Lines held in memory, by partner and in columns, to be rated under any terms at the speed of memory: what a
// simulation of years of history is. A line costs 12 bytes: its category and quarter as codes and its amount as 64-bit
// millionths; sums that leave 64 bits go on in 128. Beside the lines stand their sums, so that one more line costs no
// look at the others.
//
// Reading is safe from any number of threads while nobody writes.

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "absl/numeric/int128.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "incentive-service/engine/resident/straight_terms.h"

namespace tributary::incentive {

// Names as codes 0, 1, 2, in the order in which they are first seen.
class Dictionary {
 public:
  uint32_t CodeOf(std::string_view name);
  const std::string& NameOf(uint32_t code) const { return names_[code]; }
  size_t size() const { return names_.size(); }

 private:
  std::unordered_map<std::string, uint32_t> codes_;
  std::vector<std::string> names_;
};

// A return is a line with an amount below 0, in the quarter of its sale.
struct ResidentLine {
  uint32_t partner = 0;
  uint16_t category = 0;
  uint16_t quarter = 0;
  int64_t micros = 0;
};

// What a partner earns on a group of categories in a quarter.
struct RatedCell {
  uint32_t partner = 0;
  uint16_t group = 0;
  uint16_t quarter = 0;
  absl::int128 micros = 0;
  int64_t minor = 0;
  friend bool operator==(const RatedCell&, const RatedCell&) = default;
};

// Which categories a program takes, and which of them it sums together.
struct Grouping {
  static constexpr int32_t kLeftOut = -1;
  std::vector<int32_t> group_of;  // by category, 0 to 65,535; categories beyond its end are left out
  // Each category by itself.
  static Grouping ByCategory(size_t categories);
  // All of them together.
  static Grouping Together(size_t categories);
};

class ResidentLines {
 public:
  // Adds lines, in any order. INVALID_FIELD where a partner's code is above 100,000,000.
  absl::Status Load(absl::Span<const ResidentLine> lines);
  // Adds one line: O(log cells of its partner), whatever the history.
  absl::Status Add(const ResidentLine& line) { return Load({&line, 1}); }

  // Rates the lines, reading each: every cell with a line, by partner, group, quarter. OVERFLOW where a value does not
  // fit.
  absl::StatusOr<std::vector<RatedCell>> Rate(const StraightTerms& terms, const Grouping& grouping, int threads) const;
  // The same for one partner, from the sums alone.
  absl::StatusOr<std::vector<RatedCell>> RatePartner(uint32_t partner, const StraightTerms& terms,
                                                     const Grouping& grouping) const;

  size_t size() const { return size_; }
  // What lines and sums occupy, in bytes.
  size_t Bytes() const;

 private:
  struct CellSum {
    uint32_t cell = 0;  // category << 16 | quarter
    absl::int128 micros = 0;
  };
  struct Partner {
    std::vector<uint16_t> categories, quarters;
    std::vector<int64_t> micros;
    std::vector<CellSum> sums;  // by cell
  };
  class Scan;

  void AddSums(const ResidentLine& line);

  std::vector<Partner> partners_;
  size_t size_ = 0;
  size_t categories_ = 0, quarters_ = 0;  // codes in use
};

}  // namespace tributary::incentive
