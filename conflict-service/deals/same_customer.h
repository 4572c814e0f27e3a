#pragma once

// Whether two registrations are for one customer, by the names that partners write.

#include <string>
#include <string_view>

#include "common/matching/name_likeness.h"
#include "conflict-service/deals/deal.h"

namespace tributary::conflict {

struct CustomerLikeness {
  bool same = false;
  std::string why;    // for people: "both compare as 'contoso' (name-2)"
  bool tied = false;  // by what partner-service knows of its customers, whatever the names are like
};

// Pure and symmetric. One customer where the names have one key (customer_name.h), where all that names tell says that
// they are one company's (company_match.h), or where one is the other's Chinese short name (台泥 of 臺灣水泥): that is
// no proof, but a manager who decides on both can look, and neither partner wins by writing the name otherwise.
CustomerLikeness CompareCustomers(std::string_view a, std::string_view b);

// And where partner-service knows both as one customer, by its names and merges (Deal::customers). By names alone both
// were compared when they were handed in; what is known of customers may come later.
CustomerLikeness CompareCustomersOf(const Deal& a, const Deal& b);

// The same of two names with different keys that are so alike.
bool SameCustomer(const matching::NameLikeness& likeness);

// What NameIndex is asked for, to find all of them: the least likeness of two such names.
inline constexpr int kLeastLikeness = 700;

}  // namespace tributary::conflict
