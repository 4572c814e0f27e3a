#pragma once

// Numbers of bank accounts: their check digits, and how they are shown. Pure.

#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace tributary::partner {

// What a number is, which decides how it is checked. The numbers are stored, and those of the wire.
enum class AccountNumberType { kIban = 1, kCard = 2, kLocal = 3 };
std::string_view NameOf(AccountNumberType type);

// As it is stored: without spaces, an IBAN in capitals.
std::string NormalizedAccountNumber(AccountNumberType type, std::string_view text);

// Of a normalized one. INVALID_FIELD without a field name and without the number itself:
//   IBAN   ISO 13616: two letters of a country of the registry, two check digits, its length, MOD 97 = 1
//   CARD   12 to 19 digits, the last of them by Luhn (ISO/IEC 7812)
//   LOCAL  4 to 34 letters and digits
absl::Status CheckAccountNumber(AccountNumberType type, std::string_view number);

// "****3000"; of fewer than eight characters the last two. An IBAN with its country before: "DE****3000".
std::string MaskedAccountNumber(AccountNumberType type, std::string_view number);

// ISO 9362: four letters of the bank, two of the country, two letters or digits of the place, or three more of the
// branch.
bool IsBic(std::string_view text);

}  // namespace tributary::partner
