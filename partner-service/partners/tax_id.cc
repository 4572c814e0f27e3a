#include "partner-service/partners/tax_id.h"

#include <algorithm>

#include "common/matching/tax_number.h"
#include "common/text/text.h"

namespace tributary::partner {
namespace {

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }

absl::Status CheckUscc(std::string_view value) {
  const char check = value.size() == 18 ? matching::UsccCheckCharacter(value.substr(0, 17)) : 0;
  if (check == 0 || !(IsDigit(value.back()) || IsCapital(value.back()))) {
    return InvalidField("", Printable(value), "18 digits and capitals without I, O, S, V and Z (GB 32100)");
  }
  if (value.back() == check) return absl::OkStatus();
  return InvalidField("", Printable(value), StrCat("the check character ", std::string(1, check), " at the end"));
}

absl::Status CheckVat(std::string_view value) {
  const bool formed = value.size() >= 4 && value.size() <= 15 && IsCapital(value[0]) && IsCapital(value[1]) &&
                      std::all_of(value.begin() + 2, value.end(), [](char c) { return IsDigit(c) || IsCapital(c); });
  if (formed) return absl::OkStatus();
  return InvalidField("", Printable(value), "two capitals of the country, then 2 to 13 digits and capitals");
}

absl::Status CheckEin(std::string_view value) {
  bool formed = value.size() == 10 && value[2] == '-';
  for (size_t i = 0; formed && i < value.size(); ++i) formed = i == 2 || IsDigit(value[i]);
  if (formed) return absl::OkStatus();
  return InvalidField("", Printable(value), "two digits, -, seven digits: 12-3456789");
}

absl::Status CheckOther(std::string_view value) {
  const bool one_line = std::none_of(value.begin(), value.end(),
                                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
  if (one_line && !value.empty() && value.size() <= 64) return absl::OkStatus();
  return InvalidField("", Printable(value), "one line of 1 to 64 bytes without control characters");
}

}  // namespace

std::string_view NameOf(TaxIdType type) {
  switch (type) {
    case TaxIdType::kCnUscc:
      return "CN_USCC";
    case TaxIdType::kVat:
      return "VAT";
    case TaxIdType::kEin:
      return "EIN";
    case TaxIdType::kOther:
      return "OTHER";
  }
  return "TYPE_UNSPECIFIED";
}

absl::Status CheckTaxId(const TaxId& id) {
  switch (id.type) {
    case TaxIdType::kCnUscc:
      return CheckUscc(id.value);
    case TaxIdType::kVat:
      return CheckVat(id.value);
    case TaxIdType::kEin:
      return CheckEin(id.value);
    case TaxIdType::kOther:
      return CheckOther(id.value);
  }
  return InvalidField("", NameOf(id.type), "CN_USCC, VAT, EIN or OTHER");
}

void CheckTaxIds(const std::vector<TaxId>& ids, std::vector<FieldViolation>* violations) {
  for (size_t i = 0; i < ids.size(); ++i) {
    const std::string field = StrCat("tax_ids[", i, "].value");
    const absl::Status status = AtField(CheckTaxId(ids[i]), field);
    for (const FieldViolation& violation : DetailOf(status).violations) violations->push_back(violation);
    if (std::find(ids.begin(), ids.begin() + static_cast<ptrdiff_t>(i), ids[i]) !=
        ids.begin() + static_cast<ptrdiff_t>(i)) {
      violations->push_back({field, Printable(ids[i].value), "each number once"});
    }
  }
}

bool IsOfOneCompany(TaxIdType type) { return type != TaxIdType::kOther; }

TaxId TaxIdOf(std::string_view text) {
  const TaxId code{TaxIdType::kCnUscc, std::string(text)};
  return CheckTaxId(code).ok() ? code : TaxId{TaxIdType::kOther, std::string(text)};
}

}  // namespace tributary::partner
