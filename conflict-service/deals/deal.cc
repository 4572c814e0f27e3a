#include "conflict-service/deals/deal.h"

#include <openssl/sha.h>

#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/matching/customer_name.h"
#include "common/status/status.h"

namespace tributary::conflict {
namespace {

void CheckNames(const std::vector<std::string>& names, std::string_view pattern, const std::string& field,
                std::vector<FieldViolation>* violations) {
  for (size_t i = 0; i < names.size(); ++i) {
    if (ParseResourceName(names[i], pattern).ok()) continue;
    violations->push_back({StrCat(field, "[", i, "]"), Printable(names[i]), StrCat("a name of the form ", pattern)});
  }
}

}  // namespace

std::string_view NameOf(Deal::State state) {
  switch (state) {
    case Deal::State::kDraft:
      return "DRAFT";
    case Deal::State::kSubmitted:
      return "SUBMITTED";
    case Deal::State::kWithdrawn:
      return "WITHDRAWN";
  }
  return "STATE_UNSPECIFIED";
}

std::string CustomerKey(std::string_view customer_name) {
  const std::string key = matching::KeyOf(customer_name).key;
  std::string hash(SHA256_DIGEST_LENGTH, '\0');
  SHA256(reinterpret_cast<const unsigned char*>(key.data()), key.size(), reinterpret_cast<unsigned char*>(hash.data()));
  return hash;
}

absl::StatusOr<Deal> NewDeal(Deal draft, std::string_view field) {
  std::vector<FieldViolation> violations;
  CheckNames(draft.scope.product_lines, "productLines/{product_line}", StrCat(field, ".product_lines"), &violations);
  CheckNames(draft.scope.regions, "regions/{region}", StrCat(field, ".regions"), &violations);
  if (draft.scope.time.end <= draft.scope.time.start) {
    violations.push_back({StrCat(field, ".effective_to"), draft.scope.time.end.ToString(),
                          StrCat("a day after effective_from, ", draft.scope.time.start.ToString())});
  }
  if (!violations.empty()) return InvalidFields(std::move(violations));
  // Without a hierarchy: which region lies in which may change, what was asked for may not.
  draft.scope = Normalized(std::move(draft.scope), RegionTree());
  return draft;
}

absl::StatusOr<Deal> Submit(Deal deal, absl::Time now) {
  if (deal.state != Deal::State::kDraft) return WrongState(deal.name, "submit", NameOf(deal.state), "DRAFT");
  deal.state = Deal::State::kSubmitted;
  deal.update_time = now;
  ++deal.version;
  return deal;
}

absl::StatusOr<Deal> Withdraw(Deal deal, absl::Time now) {
  if (deal.state == Deal::State::kWithdrawn) {
    return WrongState(deal.name, "withdraw", NameOf(deal.state), "DRAFT or SUBMITTED");
  }
  deal.state = Deal::State::kWithdrawn;
  deal.update_time = now;
  ++deal.version;
  return deal;
}

}  // namespace tributary::conflict
