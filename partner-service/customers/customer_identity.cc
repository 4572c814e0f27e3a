#include "partner-service/customers/customer_identity.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/matching/customer_name.h"
#include "common/matching/domain.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

std::string TaxIdKey(const TaxId& id) {
  std::string value;
  for (const char c : id.value) {
    if (absl::ascii_isalnum(c) || static_cast<unsigned char>(c) >= 0x80) value += absl::ascii_toupper(c);
  }
  return value.empty() ? "" : StrCat(NameOf(id.type), " ", value);
}

}  // namespace

std::string_view NameOf(CustomerKeyKind kind) {
  switch (kind) {
    case CustomerKeyKind::kTaxId:
      return "TAX_ID";
    case CustomerKeyKind::kDomain:
      return "DOMAIN";
    case CustomerKeyKind::kName:
      return "NAME";
    case CustomerKeyKind::kAddress:
      return "ADDRESS";
  }
  return "KIND_UNSPECIFIED";
}

absl::Status CheckIdentity(const CustomerIdentity& identity) {
  std::vector<FieldViolation> violations;
  for (size_t i = 0; i < identity.names.size(); ++i)
    CheckOneLine(StrCat("names[", i, "]"), identity.names[i], &violations);
  CheckTaxIds(identity.tax_ids, &violations);
  for (size_t i = 0; i < identity.domains.size(); ++i) {
    const std::string key = matching::DomainKey(identity.domains[i]);
    if (key.empty()) {
      violations.push_back(
          {StrCat("domains[", i, "]"), Printable(identity.domains[i]), "a domain such as example.com"});
    } else if (matching::IsMailProvider(key)) {
      violations.push_back(
          {StrCat("domains[", i, "]"), Printable(identity.domains[i]), "the customer's own, not a mail provider's"});
    }
  }
  for (size_t i = 0; i < identity.addresses.size(); ++i) {
    const CustomerAddress& address = identity.addresses[i];
    const std::string& country = address.country;
    if (!country.empty() &&
        (country.size() != 2 || !absl::ascii_isupper(country[0]) || !absl::ascii_isupper(country[1]))) {
      violations.push_back(
          {StrCat("addresses[", i, "].country"), Printable(country), "two capitals of ISO 3166-1, or none"});
    }
    CheckOneLine(StrCat("addresses[", i, "].text"), address.text, &violations);
  }
  return AllOf(std::move(violations));
}

std::vector<CustomerKey> KeysOf(const CustomerIdentity& identity) {
  std::vector<CustomerKey> keys;
  std::set<std::pair<CustomerKeyKind, std::string>> seen;
  const auto add = [&](CustomerKeyKind kind, std::string key, std::string given) {
    if (!key.empty() && seen.emplace(kind, key).second) keys.push_back({kind, std::move(key), std::move(given)});
  };
  for (const TaxId& id : identity.tax_ids) add(CustomerKeyKind::kTaxId, TaxIdKey(id), id.value);
  for (const std::string& domain : identity.domains) add(CustomerKeyKind::kDomain, matching::DomainKey(domain), domain);
  for (const std::string& name : identity.names) add(CustomerKeyKind::kName, matching::KeyOf(name).key, name);
  for (const CustomerAddress& address : identity.addresses) {
    const std::string key = matching::KeyOf(address.text).key;
    add(CustomerKeyKind::kAddress, key.empty() ? "" : StrCat(address.country, " ", key), address.text);
  }
  return keys;
}

absl::Status CheckQuery(const CustomerQuery& query) {
  std::vector<FieldViolation> violations;
  for (size_t i = 0; i < query.tax_ids.size(); ++i) {
    CheckOneLine(StrCat("tax_ids[", i, "]"), query.tax_ids[i], &violations);
  }
  for (size_t i = 0; i < query.addresses.size(); ++i) {
    CheckOneLine(StrCat("addresses[", i, "]"), query.addresses[i], &violations);
  }
  const absl::Status rest = CheckIdentity({.names = query.names, .domains = query.domains});
  for (const FieldViolation& violation : DetailOf(rest).violations) violations.push_back(violation);
  if (violations.empty() && KeysOf(query).empty()) {
    violations.push_back({"names", "nothing to look for", "a name, a tax id, a domain or an address"});
  }
  return AllOf(std::move(violations));
}

std::vector<CustomerKey> KeysOf(const CustomerQuery& query) {
  CustomerIdentity any{.names = query.names, .domains = query.domains};
  for (const std::string& id : query.tax_ids) {
    for (const TaxIdType type : {TaxIdType::kCnUscc, TaxIdType::kVat, TaxIdType::kEin, TaxIdType::kOther}) {
      any.tax_ids.push_back({type, id});
    }
  }
  for (const std::string& address : query.addresses) {
    any.addresses.push_back({"", address});
    if (address.size() > 3 && absl::ascii_isupper(address[0]) && absl::ascii_isupper(address[1]) && address[2] == ' ') {
      any.addresses.push_back({address.substr(0, 2), address.substr(3)});
    }
  }
  return KeysOf(any);
}

}  // namespace tributary::partner
