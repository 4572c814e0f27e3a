#pragma once

// Mass balance over what partners report: who is short of units that cannot be gone, who has units that it cannot have,
// and how many must have gone from the one to the other. Never over the books: there each unit is somewhere, so that
// every gap is 0.

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/ids/uuid.h"
#include "common/money/decimal.h"
#include "common/time/date.h"
#include "conflict-service/facts/facts.h"

namespace tributary::conflict {

// What is balanced.
struct BalanceKey {
  std::string product;             // products/{product}
  std::optional<std::string> lot;  // code; unset: all lots together
  DateRange period;                // whole days
  std::string id() const;          // 32 hexadecimal digits; the same key gives the same
  std::string name() const;        // massBalances/{id}
  friend bool operator==(const BalanceKey&, const BalanceKey&) = default;
};

// The calendar month that holds the day, of all lots: by months units are looked at that no balance was asked for.
BalanceKey MonthOf(const std::string& product, Date day);

// A balance that somebody asked for, and that findings follow from then on; or the month of a finding by units alone.
struct KeptBalance {
  BalanceKey key;
  Uuid uid;
  absl::Time create_time;
  bool asked = true;
};

// In the product's base unit.
struct PartnerGap {
  std::string partner;               // partners/{partner}
  std::optional<Decimal> gap;        // above 0 a shortfall, below 0 a surplus; unset: UNKNOWN
  std::vector<std::string> missing;  // what is not reported, for people
  friend bool operator==(const PartnerGap&, const PartnerGap&) = default;
};

// Units that left `from` unreported and are at `to`: no fewer than `least` and no more than `most`, whatever happened.
// Both bounds are exact: for each there is a way of the goods that keeps to all reports.
struct Flow {
  std::string from;
  std::string to;
  Decimal least;
  Decimal most;
  friend bool operator==(const Flow&, const Flow&) = default;
};

struct MassBalance {
  bool unknown = false;                   // a gap is, or there is none: nothing follows
  std::vector<PartnerGap> gaps;           // by partner
  std::vector<Flow> flows;                // by from and to; every pair of a shortfall and a surplus
  Decimal unmatched_shortfall;            // what is short beyond all surpluses
  Decimal unmatched_surplus;              // and the other way round
  std::vector<ReconciledGap> reconciled;  // what the gaps were worked out from, by partner and lot
  friend bool operator==(const MassBalance&, const MassBalance&) = default;
};

// What a partner's kits say of a balance (kit_parts.h).
struct KitPart {
  std::optional<Decimal> gap;             // unset: UNKNOWN
  std::vector<std::string> missing;       // what is not reported, for people
  std::vector<ReconciledGap> reconciled;  // of the kits
};

// Opening reported + arrived - reported out - closing reported. Arrived is what was shipped to the partner or came from
// other partners, and is not on its way at the end of the period. Unset where a report is missing.
std::optional<Decimal> GapOf(const ReconciledGap& reconciled);

// The bounds, from the gap of each partner. Zero gaps take no part.
std::vector<Flow> FlowsBetween(const std::map<std::string, Decimal>& gaps);

// The balance of what was reconciled of the product for the period, in any order. For a lot: a partner that tells no
// lots of the product is UNKNOWN. For all lots together: the sum of a partner's lots, where it does not tell all as
// one. Of `handling`, who had to do with the product then, those who were not reconciled for it are UNKNOWN, and never
// 0. `kits`, by partner, are added; of a lot nobody tells which lots were in them, so that who has any is UNKNOWN.
MassBalance BalanceOf(const BalanceKey& key, const std::vector<ReconciledGap>& reconciled,
                      const std::set<std::string>& handling = {}, const std::map<std::string, KitPart>& kits = {});

}  // namespace tributary::conflict
