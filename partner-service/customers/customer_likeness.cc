#include "partner-service/customers/customer_likeness.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace tributary::partner {

matching::CompanyDescription DescriptionOf(const CustomerIdentity& identity) {
  matching::CompanyDescription description{.names = identity.names, .domains = identity.domains};
  for (const TaxId& id : identity.tax_ids) description.tax_ids.push_back(id.value);
  for (const CustomerAddress& address : identity.addresses) description.addresses.push_back(address.text);
  return description;
}

matching::CompanyDescription DescriptionOf(const CustomerQuery& query) {
  return {.names = query.names, .tax_ids = query.tax_ids, .domains = query.domains, .addresses = query.addresses};
}

std::vector<CustomerCandidate> WithLikeness(std::vector<CustomerCandidate> exact, const CustomerQuery& query,
                                            const std::vector<Customer>& read,
                                            const std::map<std::string, std::string>& canonical) {
  const matching::CompanyParts asked(DescriptionOf(query));
  std::map<std::string, CustomerLikeness> likest;  // by canonical id
  for (const Customer& customer : read) {
    if (customer.state == CustomerState::kErased) continue;
    CustomerLikeness likeness{customer.id, Compare(asked, matching::CompanyParts(DescriptionOf(customer.identity)))};
    const auto order = [](const CustomerLikeness& one) {
      return std::tuple(-static_cast<int>(one.match.decision), -one.match.centibans, one.id);
    };
    const auto [best, first] = likest.try_emplace(canonical.at(customer.id), likeness);
    if (!first && order(likeness) < order(best->second)) best->second = std::move(likeness);
  }
  for (CustomerCandidate& candidate : exact) {
    const auto found = likest.find(candidate.id);
    if (found == likest.end()) continue;
    candidate.likeness = std::move(found->second);
    likest.erase(found);
  }
  std::vector<CustomerCandidate> alike;
  for (auto& [id, likeness] : likest) {
    if (likeness.match.decision < matching::Decision::kPossible) continue;
    alike.push_back({.id = id, .likeness = std::move(likeness)});
  }
  std::stable_sort(alike.begin(), alike.end(), [](const CustomerCandidate& a, const CustomerCandidate& b) {
    return std::tuple(a.likeness->match.decision, a.likeness->match.centibans) >
           std::tuple(b.likeness->match.decision, b.likeness->match.centibans);
  });
  std::move(alike.begin(), alike.end(), std::back_inserter(exact));
  return exact;
}

}  // namespace tributary::partner
