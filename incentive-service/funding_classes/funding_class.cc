#include "incentive-service/funding_classes/funding_class.h"

#include <set>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::incentive {

absl::Status CheckFundingClass(const FundingClass& funding_class) {
  std::vector<FieldViolation> violations;
  std::set<ClaimKind> kinds;
  for (size_t i = 0; i < funding_class.kinds.size(); ++i) {
    const ClaimKind kind = funding_class.kinds[i];
    const bool fresh = kinds.insert(kind).second;
    if (fresh && kind != ClaimKind::kMdf) continue;
    violations.push_back({StrCat("funding_class.kinds[", i, "]"), std::string(NameOf(kind)),
                          fresh ? "a kind of claims on units" : "each kind once"});
  }
  return violations.empty() ? absl::OkStatus() : InvalidFields(std::move(violations));
}

absl::StatusOr<FundingClass> End(FundingClass funding_class, std::string_view principal, absl::Time now) {
  if (funding_class.end_time.has_value()) return WrongState(funding_class.name(), "end", "ended", "one that holds");
  funding_class.end_time = funding_class.update_time = now;
  funding_class.ender = principal;
  ++funding_class.version;
  return funding_class;
}

std::vector<ExclusiveClass> ClassesFor(const std::vector<FundingClass>& declared, absl::Time made) {
  std::vector<ExclusiveClass> classes;
  for (const FundingClass& one : declared) {
    if (made < one.create_time || (one.end_time.has_value() && *one.end_time <= made)) continue;
    ExclusiveClass names;
    for (const ClaimKind kind : one.kinds) names.emplace_back(NameOf(kind));
    classes.push_back(std::move(names));
  }
  return classes;
}

}  // namespace tributary::incentive
