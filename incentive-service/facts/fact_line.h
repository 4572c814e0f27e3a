#pragma once

// Sell-in as inventory's feed tells it, and what of it counts.
//
// A line counts from the moment it is told until a reversal takes it back: it is live. A linked return counts on the
// dates of the line it returns, so that sale and return meet in one period; where it returns nothing that is known
// (yet), or another return, on its own. What counts follows from the set of lines alone, in whatever order they came.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/time/time.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "incentive-service/engine/shares.h"
#include "incentive-service/programs/program.h"

namespace tributary::incentive {

enum class FactKind {
  kLine = 1,
  kReturn = 2,    // refers to the line that is returned
  kReversal = 3,  // refers to the line or return that it takes back; never live itself
};

// When a fact was told, in the shard of its partner.
struct Told {
  int64_t seq = 0;
  absl::Time recorded_at;
  friend bool operator==(const Told&, const Told&) = default;
};

struct FactLine {
  std::string partner;
  std::string fact;  // its name without "partners/{partner}/"
  FactKind kind = FactKind::kLine;
  std::string refers;  // likewise; empty for kLine
  int shard = 0;       // position on inventory's feed
  int64_t seq = 0;
  absl::Time recorded_at;
  std::string document;
  int64_t line = 0;
  Date order_date;
  Date ship_date;
  std::string product;       // products/{product}
  std::string product_line;  // productLines/{product_line}, or empty
  Decimal quantity;
  Decimal net;
  std::string currency;
  Date order_basis;  // the dates by which it counts
  Date ship_basis;
  std::optional<Told> reversed;  // the reversal
  std::optional<Told> original;  // of a linked return: the line that it returns, where that is known
  friend bool operator==(const FactLine&, const FactLine&) = default;

  std::string name() const { return "partners/" + partner + "/" + fact; }
  Told told() const { return {seq, recorded_at}; }
  bool live() const { return kind != FactKind::kReversal && !reversed.has_value(); }
  Date BasisDate(Basis basis) const { return basis == Basis::kOrder ? order_basis : ship_basis; }
  LineKey Key(Basis basis) const { return {BasisDate(basis), document, line, fact}; }
};

// Whether two tellings of a fact say the same. Position and what other lines say of it are no part of it.
bool SaysTheSame(const FactLine& a, const FactLine& b);

// The live lines of one partner, basis date and currency, added up.
struct FactTotal {
  std::string partner;
  Date basis_date;
  std::string currency;
  Decimal net;
  Decimal quantity;
  int64_t lines = 0;
  absl::Time last_recorded_at;
};

// A line that is new, or not as it was.
struct LineChange {
  std::optional<FactLine> before;  // nullopt: new
  FactLine after;
};

// New lines put among the known ones.
struct Placed {
  std::vector<FactLine> fresh;      // the new lines, with what the others say of them
  std::vector<LineChange> changes;  // the new lines, and the known ones that are not as they were
};

// `fresh`: new lines, no two with one name. `known`: of the lines known before, at least those that fresh ones refer to
// and those that refer to fresh ones. INVALID_FIELD where a reversal takes back a reversal.
absl::StatusOr<Placed> Place(std::vector<FactLine> fresh, std::vector<FactLine> known);

}  // namespace tributary::incentive
