#include "conflict-service/deals/same_customer.h"

#include "common/matching/company_match.h"
#include "common/matching/customer_name.h"
#include "common/text/text.h"

namespace tributary::conflict {

CustomerLikeness CompareCustomers(std::string_view a, std::string_view b) {
  const matching::NameKey key = matching::KeyOf(a);
  if (key.key.empty()) return {};
  if (key.key == matching::KeyOf(b).key) {
    return {true, StrCat("both compare as '", key.key, "' (", matching::kNameMatchingVersion, ")")};
  }
  const matching::CompanyMatch match =
      matching::Compare({.names = {std::string(a)}}, matching::CompanyDescription{.names = {std::string(b)}});
  if (match.features.empty()) return {};
  const matching::FeatureMatch& name = match.features.front();
  const bool short_name =
      match.decision == matching::Decision::kPossible && name.name_rule == matching::NameRule::kShortName;
  if (match.decision != matching::Decision::kSame && !short_name) return {};
  return {true, StrCat("they are alike by ", matching::NameOf(name.name_rule), ", ", name.likeness, " of 1000 (",
                       matching::kCompanyMatchVersion, ")")};
}

}  // namespace tributary::conflict
