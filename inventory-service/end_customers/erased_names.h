#pragma once

// Names of end customers in what partners tell, and what becomes of them when partner-service erases a customer.

#include <concepts>
#include <string>

#include "absl/status/status.h"
#include "absl/types/span.h"
#include "common/events/feed.h"
#include "common/mysql/database.h"

namespace tributary::inventory {

// The payload that ApplyCustomers wants.
const std::string& CustomerPayload();

// Keeps by what names customers are known, and takes the names of those that were erased out of sales, which the feed
// tells so from then on, orders and the rows of reports. In the place of each spelling stands customers/{customer}#{n},
// the n-th of that customer: spellings that were different stay different, and none names the customer's resource, so
// that nothing that is counted or matched by names comes out otherwise. A name that is another customer's too stays
// until that one is erased. What is told after the erasure is kept as it is told.
absl::Status ApplyCustomers(mysql::Transaction& sql, absl::Span<const events::Event> events);

// A kind of fact that names an end customer.
template <typename F>
concept NamesEndCustomer = requires(const F& fact) {
  { fact.end_customer } -> std::convertible_to<std::string>;
};

// For a line that is stated again: where `known`, the name that it is known with, stands in the place of `*stated`, it
// takes that place, so that the line is what it was.
absl::Status StateAsErased(mysql::Transaction& sql, const std::string& known, std::string* stated);

}  // namespace tributary::inventory
