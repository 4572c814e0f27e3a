#pragma once

// Facts held in memory, so that the sums of any program are added up at the speed of memory: what simulations read. A
// line costs 48 bytes: its days, amount and units, and a code for what it is of. They follow what is told later step by
// step, without a look at what was there before. Parts of payments are left out: what they pay takes the lines
// themselves.

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "absl/types/span.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "incentive-service/engine/resident/resident_lines.h"
#include "incentive-service/facts/fact_line.h"
#include "incentive-service/facts/watermark.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

class ResidentFacts {
 public:
  using Names = std::set<std::pair<std::string, std::string>>;  // partner, fact

  // `lines`: none of them is here yet. Those that are not live are left out.
  void Load(absl::Span<const FactLine> lines);

  // Which of the known facts may count otherwise once these are told: those that they take back, and returns that may
  // be of them.
  Names MovedBy(absl::Span<const FactLine> told) const;
  // `told`: all that has been told since `before`; `moved`: of MovedBy all that is known by now. Each as it is now.
  void Follow(absl::Span<const FactLine> told, absl::Span<const FactLine> moved, const Watermark& before);

  // The sums of FactStore::TotalsAsOf, but for when they were recorded. Where the program converts nothing by its day,
  // those of a payout period are one, on a day of it.
  std::vector<FactTotal> Totals(const Program& program) const;

  // Gives back memory that only more lines would need.
  void Trim();
  // Lines, and what takes lines back.
  int64_t size() const { return size_; }

 private:
  struct Line {
    Decimal net, quantity;
    uint32_t what = 0;
    int32_t lines = 1;  // -1: takes one back
    Date order_basis, ship_basis;
  };
  // What a code stands for.
  struct What {
    FactSource source = FactSource::kShipment;
    std::string product, product_line, currency;
  };
  // A return whose day may still become another: what it returns is not known, or it credits an invoice. By fact it is
  // as it was counted.
  using OpenReturns = std::map<std::string, Line>;
  struct Partner {
    std::vector<Line> lines;
    std::map<std::string, OpenReturns> open;  // by what they refer to
  };
  class Scan;

  static bool IsOpen(const FactLine& line);
  Line LineOf(const FactLine& line);
  void Enter(const FactLine& line);
  void Add(const Line& line, Partner* partner);

  std::map<std::string, Partner> partners_;
  Dictionary codes_;
  std::vector<What> whats_;              // by code
  int32_t first_day_ = 0, end_day_ = 0;  // all days lie in [first, end); equal where there is none
  int64_t size_ = 0;
};

}  // namespace tributary::incentive
