#pragma once

// Customers, their merges, and who may be meant. Pure values and decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/matching/company_match.h"
#include "partner-service/customers/customer_identity.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class CustomerState { kActive = 1, kMerged = 2, kErased = 3 };
std::string_view NameOf(CustomerState state);

// That it was, or is, another customer.
struct CustomerAlias {
  std::string into_id;
  absl::Time start;
  std::optional<absl::Time> end;  // nullopt while it is

  friend bool operator==(const CustomerAlias&, const CustomerAlias&) = default;
};

struct Customer {
  std::string id;
  Revision revision;
  CustomerState state = CustomerState::kActive;
  CustomerIdentity identity;  // empty where it is ERASED
  std::string segment;
  std::string region;                  // regions/{region}, may be empty
  std::vector<CustomerAlias> aliases;  // the oldest first; only the last one can be open

  std::string name() const;  // customers/{id}
  // The customer that it is merged into; empty where it is not.
  std::string_view merged_into() const;
};

// The decisions. Each answers the customer as it is afterwards, or why not.
// `into` stands for it from now on. Refused, in this order: itself; not ACTIVE; `into` not ACTIVE. So whoever is merged
// is so into one that was not, and there is no circle.
absl::StatusOr<Customer> Merge(const Customer& customer, const Customer& into, absl::Time now);
// It stands for itself again. Refused: not MERGED.
absl::StatusOr<Customer> UndoMerge(const Customer& customer, absl::Time now);
// It is of that segment and region from now on. Refused: ERASED.
absl::StatusOr<Customer> Classify(const Customer& customer, std::string segment, std::string region, absl::Time now);
// Its identity is gone. Refused: ERASED already.
absl::StatusOr<Customer> Erase(const Customer& customer, absl::Time now);

// That something asked for is known of a customer.
struct CustomerMatch {
  CustomerKey key;
  std::string known_to;   // id
  std::string canonical;  // id of the customer that `known_to` is in the end
};
// What all that is known of a customer says of what is asked for.
struct CustomerLikeness {
  std::string id;  // of the customer that was compared: the candidate, or one that was merged into it
  matching::CompanyMatch match;
};
// Who may be meant, and why.
struct CustomerCandidate {
  std::string id;
  std::vector<CustomerMatch> matches;  // the strongest first; each kind and key once
  std::optional<CustomerLikeness> likeness;
};
// By the strongest match, then by how many there are, then by id.
std::vector<CustomerCandidate> Candidates(const std::vector<CustomerMatch>& matches);

}  // namespace tributary::partner
