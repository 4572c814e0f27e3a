#include "incentive-service/disputes/dispute.h"

#include <algorithm>
#include <map>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {
namespace {

// Shares of a statement's lines, by entry and ordinal.
using Shares = std::map<int, std::map<int64_t, int64_t>>;

Shares SharesOf(absl::Span<const StatementLine> lines) {
  Shares shares;
  for (const StatementLine& line : lines) shares[line.entry][line.ordinal] = line.share;
  return shares;
}

std::vector<FieldViolation> CheckItems(const Dispute& dispute, size_t items, const Shares& shares) {
  std::vector<FieldViolation> violations;
  std::set<int> seen;
  for (size_t i = 0; i < dispute.items.size(); ++i) {
    const DisputedItem& item = dispute.items[i];
    const std::string path = StrCat("dispute.items[", i, "]");
    if (item.ordinal < 1 || static_cast<size_t>(item.ordinal) > items) {
      violations.push_back({path + ".entry", StrCat(item.ordinal), StrCat("1 to ", items)});
      continue;
    }
    if (!seen.insert(item.ordinal).second) {
      violations.push_back({path + ".entry", StrCat(item.ordinal), "each entry once"});
    }
    const auto of_entry = shares.find(item.ordinal);
    std::set<int64_t> named;
    for (size_t j = 0; j < item.lines.size(); ++j) {
      const bool known = of_entry != shares.end() && of_entry->second.contains(item.lines[j]);
      if (known && named.insert(item.lines[j]).second) continue;
      violations.push_back({StrCat(path, ".lines[", j, "]"), StrCat(item.lines[j]),
                            known ? "each line once" : "the ordinal of a line of the entry"});
    }
  }
  return violations;
}

// What a dispute holds back of an item: its lines' shares, as far as they lie between 0 and what the item is worth.
int64_t WithheldOf(const DisputedItem& disputed, const StatementItem& item, const Shares& shares) {
  if (disputed.lines.empty()) return item.amount;
  int64_t sum = 0;
  for (const int64_t line : disputed.lines) sum += shares.at(disputed.ordinal).at(line);
  return std::clamp(sum, std::min<int64_t>(item.amount, 0), std::max<int64_t>(item.amount, 0));
}

absl::Status Taken(const Statement& statement, int ordinal, std::string_view got) {
  return Error(Reason::kStateConflict,
               StrCat(statement.name(), ", entry ", ordinal, ": got one that is ", got, ", want one that is neither ",
                      "settled nor disputed"),
               {{"resource", statement.name()}});
}

Statement Moved(Statement statement, StatementState state, const std::vector<StatementItem>& items, absl::Time now) {
  statement = WithItems(std::move(statement), items);
  ++statement.version;
  statement.update_time = now;
  statement.state = state;
  return statement;
}

absl::Status CheckResolution(const Dispute& dispute, const Resolution& resolution) {
  if (dispute.state != DisputeState::kOpen) {
    return WrongState(dispute.name(), "resolve", NameOf(dispute.state), "OPEN");
  }
  if (resolution.principal == dispute.opener) {
    return SecondPersonRequired(dispute.name(), "who opened it", "resolve it");
  }
  if (!resolution.adjustment.has_value()) return absl::OkStatus();
  if (!resolution.accepted) return InvalidField("adjustment", "one with a rejection", "none");
  if (*resolution.adjustment == 0) return InvalidField("adjustment", "0", "more or less than 0, or none");
  return absl::OkStatus();
}

Adjustment AdjustmentOf(const Dispute& dispute, int64_t amount, absl::Time now) {
  return {.partner = dispute.partner,
          .create_time = now,
          .update_time = now,
          .currency = dispute.currency,
          .amount = amount,
          .reason = dispute.resolution_note,
          .dispute = dispute.path(),
          .requester = dispute.resolver};
}

}  // namespace

std::string_view NameOf(DisputeState state) {
  switch (state) {
    case DisputeState::kOpen:
      return "OPEN";
    case DisputeState::kAccepted:
      return "ACCEPTED";
    case DisputeState::kRejected:
      return "REJECTED";
  }
  return {};
}

int64_t Dispute::withheld() const {
  int64_t sum = 0;
  for (const DisputedItem& item : items) sum += item.withheld;
  return sum;
}

absl::StatusOr<DisputeDecision> Open(Dispute dispute, Statement statement, std::vector<StatementItem> items,
                                     absl::Span<const StatementLine> lines, const std::set<int>& disputed,
                                     absl::Time now) {
  if (statement.state != StatementState::kIssued && statement.state != StatementState::kPartDisputed) {
    return WrongState(statement.name(), "dispute", NameOf(statement.state), "ISSUED or PART_DISPUTED");
  }
  const Shares shares = SharesOf(lines);
  if (auto violations = CheckItems(dispute, items.size(), shares); !violations.empty()) {
    return InvalidFields(std::move(violations));
  }
  std::sort(dispute.items.begin(), dispute.items.end(),
            [](const DisputedItem& a, const DisputedItem& b) { return a.ordinal < b.ordinal; });
  std::vector<StatementItem> after = items;
  for (DisputedItem& item : dispute.items) {
    StatementItem& of_statement = after[item.ordinal - 1];
    if (disputed.contains(item.ordinal)) return Taken(statement, item.ordinal, "disputed");
    if (of_statement.settled != 0) return Taken(statement, item.ordinal, "settled");
    of_statement.withheld = item.withheld = WithheldOf(item, of_statement, shares);
  }
  DisputeDecision opened{.dispute = std::move(dispute)};
  opened.entries = MovesOf(statement, LedgerKind::kDispute, items, after);
  opened.statement = Moved(std::move(statement), StatementState::kPartDisputed, after, now);
  opened.items = std::move(after);
  return opened;
}

absl::StatusOr<DisputeDecision> Resolve(Dispute dispute, Statement statement, std::vector<StatementItem> items,
                                        bool last, const Resolution& resolution, absl::Time now) {
  RETURN_IF_ERROR(CheckResolution(dispute, resolution));
  dispute.state = resolution.accepted ? DisputeState::kAccepted : DisputeState::kRejected;
  dispute.resolver = resolution.principal;
  dispute.resolution_note = resolution.note;
  dispute.update_time = now;
  ++dispute.version;
  std::vector<StatementItem> after = items;
  for (const DisputedItem& item : dispute.items) after[item.ordinal - 1].withheld -= item.withheld;
  const bool left =
      std::any_of(after.begin(), after.end(), [](const StatementItem& item) { return item.settled != item.amount; });
  const StatementState state = !last  ? StatementState::kPartDisputed
                               : left ? StatementState::kAccepted
                                      : StatementState::kSettled;
  DisputeDecision resolved{.dispute = std::move(dispute)};
  if (resolution.adjustment.has_value()) {
    resolved.adjustment = AdjustmentOf(resolved.dispute, *resolution.adjustment, now);
  }
  resolved.entries = MovesOf(statement, LedgerKind::kResolution, items, after);
  resolved.statement = Moved(std::move(statement), state, after, now);
  resolved.items = std::move(after);
  return resolved;
}

}  // namespace tributary::incentive
