#pragma once

// Disputes: what a partner does not agree with in a statement. Values and decisions. Amounts are minor units of the
// statement's currency.

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "common/ids/uuid.h"
#include "incentive-service/adjustments/adjustment.h"
#include "incentive-service/statements/settlement.h"
#include "incentive-service/statements/statement.h"

namespace tributary::incentive {

// The numbers are stored and are those of the wire.
enum class DisputeState : int { kOpen = 1, kAccepted = 2, kRejected = 3 };
std::string_view NameOf(DisputeState state);

// An entry of the statement, or an adjustment in it.
struct DisputedItem {
  int ordinal = 0;
  std::vector<int64_t> lines;  // ordinals of the entry's lines; empty: all of it
  int64_t withheld = 0;
  friend bool operator==(const DisputedItem&, const DisputedItem&) = default;
};

struct Dispute {
  std::string partner;
  int64_t statement = 0;  // number
  std::string id;
  Uuid uid;
  int64_t version = 1;
  absl::Time create_time;
  absl::Time update_time;
  DisputeState state = DisputeState::kOpen;
  std::string currency;
  std::vector<DisputedItem> items;  // by ordinal
  std::string reason;
  std::string opener;  // principal, and so below
  std::string resolver;
  std::string resolution_note;
  std::string adjustment;  // id; empty for none

  std::string path() const { return "statements/" + std::to_string(statement) + "/disputes/" + id; }
  std::string name() const { return "partners/" + partner + "/" + path(); }
  int64_t withheld() const;
};

// A dispute and its statement as they are afterwards, and what moved.
struct DisputeDecision {
  Dispute dispute;
  Statement statement;
  std::vector<StatementItem> items;
  std::vector<LedgerEntry> entries;
  std::optional<Adjustment> adjustment;  // that is to be requested, without an id
};

// Opens a dispute: ISSUED or PART_DISPUTED -> PART_DISPUTED. `items`: of the statement, as they are; `lines`: all of
// its lines; `disputed`: ordinals of items in disputes that are open. Refused, in this order: STATE_CONFLICT;
// INVALID_FIELD dispute.items[i].entry where the statement has no such one or it is named twice,
// dispute.items[i].lines[j] where the entry has no such line or it is named twice (all at once); STATE_CONFLICT where
// an item is settled or disputed already.
absl::StatusOr<DisputeDecision> Open(Dispute dispute, Statement statement, std::vector<StatementItem> items,
                                     absl::Span<const StatementLine> lines, const std::set<int>& disputed,
                                     absl::Time now);

struct Resolution {
  bool accepted = false;
  std::string_view note;
  std::optional<int64_t> adjustment;  // of what is accepted
  std::string_view principal;
};
// OPEN -> ACCEPTED or REJECTED; nothing of it is held back any more. Without other open disputes (`last`) the statement
// becomes ACCEPTED, or SETTLED where nothing of it is left. Refused, in this order: STATE_CONFLICT;
// SECOND_PERSON_REQUIRED where the opener resolves; INVALID_FIELD adjustment where it comes with a rejection, or is 0.
absl::StatusOr<DisputeDecision> Resolve(Dispute dispute, Statement statement, std::vector<StatementItem> items,
                                        bool last, const Resolution& resolution, absl::Time now);

}  // namespace tributary::incentive
