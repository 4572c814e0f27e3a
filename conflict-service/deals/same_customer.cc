#include "conflict-service/deals/same_customer.h"

#include "common/matching/company_match.h"
#include "common/matching/customer_name.h"
#include "common/text/text.h"

namespace tributary::conflict {

bool SameCustomer(const matching::NameLikeness& likeness) {
  const matching::Decision decision = matching::MatchOfNames(likeness).decision;
  return decision == matching::Decision::kSame ||
         (decision == matching::Decision::kPossible && likeness.rule == matching::NameRule::kShortName);
}

CustomerLikeness CompareCustomers(std::string_view a, std::string_view b) {
  const matching::NameKey key = matching::KeyOf(a);
  if (key.key.empty()) return {};
  if (key.key == matching::KeyOf(b).key) {
    return {true, StrCat("both compare as '", key.key, "' (", matching::kNameMatchingVersion, ")")};
  }
  const matching::NameLikeness likeness = matching::Compare(matching::NameParts(a), matching::NameParts(b));
  if (!SameCustomer(likeness)) return {};
  return {true, StrCat("they are alike by ", matching::NameOf(likeness.rule), ", ", likeness.permille, " of 1000 (",
                       matching::kCompanyMatchVersion, ")")};
}

CustomerLikeness CompareCustomersOf(const Deal& a, const Deal& b) {
  for (const std::string& customer : a.customers) {
    if (b.customers.contains(customer)) return {true, StrCat("both are known as ", customer), true};
  }
  return CompareCustomers(a.customer_name, b.customer_name);
}

}  // namespace tributary::conflict
