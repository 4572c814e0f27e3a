#pragma once

// Who may be meant beside those that share a key: by the likeness of names and all else that is known
// (common/matching). Pure.

#include <map>
#include <string>
#include <vector>

#include "common/matching/company_match.h"
#include "partner-service/customers/customer.h"

namespace tributary::partner {

matching::CompanyDescription DescriptionOf(const CustomerIdentity& identity);
matching::CompanyDescription DescriptionOf(const CustomerQuery& query);

// `exact` (Candidates), each with what its likest customer of `read` says; behind them those that are POSSIBLE or SAME
// without a key in common, by evidence, then by id. An exact key is never outdone. `canonical` knows all of `read`.
std::vector<CustomerCandidate> WithLikeness(std::vector<CustomerCandidate> exact, const CustomerQuery& query,
                                            const std::vector<Customer>& read,
                                            const std::map<std::string, std::string>& canonical);

}  // namespace tributary::partner
