#pragma once

// By what a customer is known, and the keys under which two spellings of it are one. Pure.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "partner-service/partners/tax_id.h"

namespace tributary::partner {

struct CustomerAddress {
  std::string country;  // ISO 3166-1, may be empty
  std::string text;

  friend bool operator==(const CustomerAddress&, const CustomerAddress&) = default;
};

struct CustomerIdentity {
  std::vector<std::string> names;
  std::vector<TaxId> tax_ids;
  std::vector<std::string> domains;
  std::vector<CustomerAddress> addresses;

  friend bool operator==(const CustomerIdentity&, const CustomerIdentity&) = default;
};

// INVALID_FIELD, each that is wrong: texts that are no single line; tax ids; countries; domains that are none, or a
// mail provider's, by which strangers would be one.
absl::Status CheckIdentity(const CustomerIdentity& identity);

// The numbers are stored, those of the wire, and the order of strength.
enum class CustomerKeyKind { kTaxId = 1, kDomain = 2, kName = 3, kAddress = 4 };
std::string_view NameOf(CustomerKeyKind kind);

// Something that is known, as it was given and as it is compared: exactly.
struct CustomerKey {
  CustomerKeyKind kind = CustomerKeyKind::kName;
  std::string key;
  std::string given;

  friend bool operator==(const CustomerKey&, const CustomerKey&) = default;
};

// The keys, each kind and key once:
//   TAX_ID   the type and the value's letters and digits in capitals: "VAT DE123456789"
//   DOMAIN   matching::DomainKey
//   NAME     matching::KeyOf
//   ADDRESS  the country and matching::KeyOf of the text: "DE hauptstr1berlin"
// Likeness of names that differ by more belongs beside matching::KeyOf.
std::vector<CustomerKey> KeysOf(const CustomerIdentity& identity);

// What somebody asks for, who may not know the type of a tax id or whether a country was given: "GB 1 Quay Street".
struct CustomerQuery {
  std::vector<std::string> names;
  std::vector<std::string> tax_ids;
  std::vector<std::string> domains;
  std::vector<std::string> addresses;
};
// As CheckIdentity; INVALID_FIELD of names where nothing is asked for.
absl::Status CheckQuery(const CustomerQuery& query);
// Every key that it may mean.
std::vector<CustomerKey> KeysOf(const CustomerQuery& query);

}  // namespace tributary::partner
