#include "partner-service/customers/customer_identity.h"

#include <unicode/bytestream.h>
#include <unicode/idna.h>
#include <unicode/stringpiece.h>

#include <algorithm>
#include <array>
#include <memory>
#include <set>
#include <utility>

#include "absl/strings/ascii.h"
#include "common/matching/customer_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

// Whose addresses anybody may have.
constexpr std::array<std::string_view, 26> kMailProviders = {
    "126.com",  "139.com", "163.com",        "aliyun.com",  "aol.com",        "foxmail.com", "gmail.com",
    "gmx.de",   "gmx.net", "googlemail.com", "hotmail.com", "icloud.com",     "live.com",    "mail.ru",
    "me.com",   "msn.com", "outlook.com",    "proton.me",   "protonmail.com", "qq.com",      "sina.com",
    "sohu.com", "web.de",  "yahoo.com",      "yandex.ru",   "yeah.net"};

// In ASCII; empty for what is no name of a domain.
std::string DomainKey(std::string_view domain) {
  UErrorCode code = U_ZERO_ERROR;
  const std::unique_ptr<icu::IDNA> idna(
      icu::IDNA::createUTS46Instance(UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_NONTRANSITIONAL_TO_ASCII, code));
  if (U_FAILURE(code)) return "";
  std::string ascii;
  icu::StringByteSink<std::string> sink(&ascii);
  icu::IDNAInfo info;
  if (domain.ends_with('.')) domain.remove_suffix(1);
  idna->nameToASCII_UTF8(icu::StringPiece(domain.data(), static_cast<int32_t>(domain.size())), sink, info, code);
  if (U_FAILURE(code) || info.hasErrors()) return "";
  if (ascii.starts_with("www.") && ascii.find('.', 4) != std::string::npos) ascii.erase(0, 4);
  const size_t dot = ascii.rfind('.');
  // One label is no domain, and a last one of digits is an address.
  if (dot == std::string::npos || dot + 1 == ascii.size() || absl::ascii_isdigit(ascii[dot + 1])) return "";
  return ascii;
}

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
    const std::string key = DomainKey(identity.domains[i]);
    if (key.empty()) {
      violations.push_back(
          {StrCat("domains[", i, "]"), Printable(identity.domains[i]), "a domain such as example.com"});
    } else if (std::find(kMailProviders.begin(), kMailProviders.end(), key) != kMailProviders.end()) {
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
  for (const std::string& domain : identity.domains) add(CustomerKeyKind::kDomain, DomainKey(domain), domain);
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
