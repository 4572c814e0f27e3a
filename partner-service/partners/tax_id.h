#pragma once

// Numbers under which tax offices know a company. Pure values and decisions.

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "common/status/status.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class TaxIdType { kCnUscc = 1, kVat = 2, kEin = 3, kOther = 4 };
std::string_view NameOf(TaxIdType type);

struct TaxId {
  TaxIdType type = TaxIdType::kOther;
  std::string value;

  friend bool operator==(const TaxId&, const TaxId&) = default;
};

// INVALID_FIELD without a field name:
//   CN_USCC  GB 32100: 18 digits and capitals without I, O, S, V and Z, the last of them a check character (MOD 31)
//   VAT      two capitals of the country, then 2 to 13 digits and capitals
//   EIN      two digits, -, seven digits
//   OTHER    one line, 1 to 64 bytes
absl::Status CheckTaxId(const TaxId& id);

// A violation of tax_ids[i].value for each that is wrong or there twice.
void CheckTaxIds(const std::vector<TaxId>& ids, std::vector<FieldViolation>* violations);

// Whether it is of one company alone, so that no two open partners may have it: all but OTHER.
bool IsOfOneCompany(TaxIdType type);

// What a text is that nobody gave a type: CN_USCC where it has its form and check character, else OTHER.
TaxId TaxIdOf(std::string_view text);

}  // namespace tributary::partner
