#include "partner-service/customers/customer.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::partner {

std::string_view NameOf(CustomerState state) {
  switch (state) {
    case CustomerState::kActive:
      return "ACTIVE";
    case CustomerState::kMerged:
      return "MERGED";
    case CustomerState::kErased:
      return "ERASED";
  }
  return "STATE_UNSPECIFIED";
}

std::string Customer::name() const { return StrCat("customers/", id); }

std::string_view Customer::merged_into() const {
  return aliases.empty() || aliases.back().end.has_value() ? std::string_view() : aliases.back().into_id;
}

absl::StatusOr<Customer> Merge(const Customer& customer, const Customer& into, absl::Time now) {
  if (into.id == customer.id) return InvalidField("into", into.name(), "another customer");
  if (customer.state != CustomerState::kActive) {
    return WrongState(customer.name(), "merge", NameOf(customer.state), "ACTIVE");
  }
  if (into.state != CustomerState::kActive) {
    return WrongState(into.name(), "merge into", NameOf(into.state), "ACTIVE");
  }
  Customer next = customer;
  next.state = CustomerState::kMerged;
  next.aliases.push_back({.into_id = into.id, .start = now});
  next.revision = customer.revision.Next(now);
  return next;
}

absl::StatusOr<Customer> UndoMerge(const Customer& customer, absl::Time now) {
  if (customer.state != CustomerState::kMerged) {
    return WrongState(customer.name(), "undoMerge", NameOf(customer.state), "MERGED");
  }
  Customer next = customer;
  next.state = CustomerState::kActive;
  next.aliases.back().end = now;
  next.revision = customer.revision.Next(now);
  return next;
}

absl::StatusOr<Customer> Classify(const Customer& customer, std::string segment, std::string region, absl::Time now) {
  if (customer.state == CustomerState::kErased) {
    return WrongState(customer.name(), "update", NameOf(customer.state), "ACTIVE or MERGED");
  }
  Customer next = customer;
  next.segment = std::move(segment);
  next.region = std::move(region);
  next.revision = customer.revision.Next(now);
  return next;
}

absl::StatusOr<Customer> Erase(const Customer& customer, absl::Time now) {
  if (customer.state == CustomerState::kErased) {
    return WrongState(customer.name(), "erase", NameOf(customer.state), "ACTIVE or MERGED");
  }
  Customer next = customer;
  next.state = CustomerState::kErased;
  next.identity = {};
  next.revision = customer.revision.Next(now);
  return next;
}

std::vector<CustomerCandidate> Candidates(const std::vector<CustomerMatch>& matches) {
  std::vector<CustomerMatch> sorted = matches;
  const auto order = [](const CustomerMatch& match) {
    // What the candidate itself is known by comes before the same of one merged into it.
    return std::tuple(match.key.kind, match.key.key, match.known_to != match.canonical, match.known_to);
  };
  std::sort(sorted.begin(), sorted.end(),
            [&](const CustomerMatch& a, const CustomerMatch& b) { return order(a) < order(b); });
  std::map<std::string, CustomerCandidate> by_id;
  for (CustomerMatch& match : sorted) {
    CustomerCandidate& candidate = by_id[match.canonical];
    candidate.id = match.canonical;
    const bool again = !candidate.matches.empty() && candidate.matches.back().key.kind == match.key.kind &&
                       candidate.matches.back().key.key == match.key.key;
    if (!again) candidate.matches.push_back(std::move(match));
  }
  std::vector<CustomerCandidate> candidates;
  candidates.reserve(by_id.size());
  for (auto& [id, candidate] : by_id) candidates.push_back(std::move(candidate));
  std::stable_sort(candidates.begin(), candidates.end(), [](const CustomerCandidate& a, const CustomerCandidate& b) {
    const CustomerKeyKind of_a = a.matches.front().key.kind, of_b = b.matches.front().key.kind;
    return std::tuple(of_a, b.matches.size()) < std::tuple(of_b, a.matches.size());
  });
  return candidates;
}

}  // namespace tributary::partner
