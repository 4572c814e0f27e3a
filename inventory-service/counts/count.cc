#include "inventory-service/counts/count.h"

#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::inventory {
namespace {

StockCount Next(StockCount count, CountState state, absl::Time now) {
  count.state = state;
  ++count.version;
  count.update_time = now;
  return count;
}

absl::Status CheckDecider(const StockCount& count, std::string_view verb, std::string_view subject) {
  if (count.state != CountState::kSubmitted) return WrongState(count.name(), verb, NameOf(count.state), "SUBMITTED");
  if (count.submitter == subject) {
    return SecondPersonRequired(count.name(), "who submitted it", StrCat(verb, " it"));
  }
  return absl::OkStatus();
}

}  // namespace

std::string_view NameOf(CountState state) {
  switch (state) {
    case CountState::kOpen:
      return "OPEN";
    case CountState::kSubmitted:
      return "SUBMITTED";
    case CountState::kApproved:
      return "APPROVED";
    case CountState::kRejected:
      return "REJECTED";
  }
  return {};
}

std::string CountName(std::string_view partner, std::string_view id) {
  return StrCat("partners/", partner, "/counts/", id);
}

std::string StockCount::name() const { return CountName(partner, id); }

absl::Status CheckCount(const StockCount& count, Date today) {
  std::vector<FieldViolation> violations;
  if (today < count.date) {
    violations.push_back(
        {.field = "date", .got = count.date.ToString(), .want = StrCat("a day up to ", today.ToString())});
  }
  std::set<std::tuple<std::string, std::string, int>> seen;
  std::map<std::pair<std::string, std::string>, bool> counts_all;
  for (size_t i = 0; i < count.lines.size(); ++i) {
    const CountLine& line = count.lines[i];
    const std::string field = StrCat("lines[", i, "]");
    const std::string what = StrCat("products/", line.product, line.lot.empty() ? "" : ", lot ", line.lot);
    if (line.counted.negative()) {
      violations.push_back({.field = field + ".counted", .got = line.counted.ToString(), .want = "0 or more"});
    }
    const int bucket = line.bucket.has_value() ? static_cast<int>(*line.bucket) : 0;
    if (!seen.emplace(line.product, line.lot, bucket).second) {
      violations.push_back({.field = field, .got = StrCat(what, " again"), .want = "each position and bucket once"});
      continue;
    }
    const auto [all, fresh] = counts_all.try_emplace({line.product, line.lot}, !line.bucket.has_value());
    if (!fresh && (all->second || !line.bucket.has_value())) {
      violations.push_back({.field = field + ".bucket",
                            .got = StrCat(what, " both by bucket and as a whole"),
                            .want = "either a line for all buckets or lines that name them"});
    }
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

absl::StatusOr<StockCount> Revise(StockCount count, std::vector<CountLine> lines, absl::Time now) {
  if (count.state != CountState::kOpen) return WrongState(count.name(), "revise", NameOf(count.state), "OPEN");
  count.lines = std::move(lines);
  return Next(std::move(count), CountState::kOpen, now);
}

absl::StatusOr<StockCount> Submit(StockCount count, std::string_view subject, absl::Time now) {
  if (count.state != CountState::kOpen) return WrongState(count.name(), "submit", NameOf(count.state), "OPEN");
  count.submitter = subject;
  return Next(std::move(count), CountState::kSubmitted, now);
}

absl::StatusOr<StockCount> Approve(StockCount count, std::string_view subject, absl::Time now) {
  RETURN_IF_ERROR(CheckDecider(count, "approve", subject));
  count.approver = subject;
  return Next(std::move(count), CountState::kApproved, now);
}

absl::StatusOr<StockCount> Reject(StockCount count, std::string_view subject, absl::Time now) {
  RETURN_IF_ERROR(CheckDecider(count, "reject", subject));
  count.approver = subject;
  return Next(std::move(count), CountState::kRejected, now);
}

absl::StatusOr<StockCount> TakeBack(StockCount count, std::string_view subject, absl::Time now) {
  if (count.state != CountState::kSubmitted) {
    return WrongState(count.name(), "take back", NameOf(count.state), "SUBMITTED");
  }
  count.approver = subject;
  return Next(std::move(count), CountState::kRejected, now);
}

StockCount ApproveWithinTolerance(StockCount count, absl::Time now) {
  count.state = CountState::kApproved;
  count.update_time = now;
  return count;
}

}  // namespace tributary::inventory
