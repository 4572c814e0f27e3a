#include "partner-service/bank_accounts/account_number.h"

#include <algorithm>
#include <array>

#include "absl/strings/ascii.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::partner {
namespace {

bool IsCapital(char c) { return c >= 'A' && c <= 'Z'; }
bool IsLetter(char c) { return IsCapital(c) || (c >= 'a' && c <= 'z'); }
bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), absl::ascii_isdigit); }

// Lengths of the IBAN registry, by country.
struct IbanLength {
  std::string_view country;
  size_t length;
};
constexpr std::array<IbanLength, 79> kIbanLengths = {{
    {"AD", 24}, {"AE", 23}, {"AL", 28}, {"AT", 20}, {"AZ", 28}, {"BA", 20}, {"BE", 16}, {"BG", 22}, {"BH", 22},
    {"BR", 29}, {"BY", 28}, {"CH", 21}, {"CR", 22}, {"CY", 28}, {"CZ", 24}, {"DE", 22}, {"DK", 18}, {"DO", 28},
    {"EE", 20}, {"EG", 29}, {"ES", 24}, {"FI", 18}, {"FO", 18}, {"FR", 27}, {"GB", 22}, {"GE", 22}, {"GI", 23},
    {"GL", 18}, {"GR", 27}, {"GT", 28}, {"HR", 21}, {"HU", 28}, {"IE", 22}, {"IL", 23}, {"IQ", 23}, {"IS", 26},
    {"IT", 27}, {"JO", 30}, {"KW", 30}, {"KZ", 20}, {"LB", 28}, {"LC", 32}, {"LI", 21}, {"LT", 20}, {"LU", 20},
    {"LV", 21}, {"LY", 25}, {"MC", 27}, {"MD", 24}, {"ME", 22}, {"MK", 19}, {"MR", 27}, {"MT", 31}, {"MU", 30},
    {"NL", 18}, {"NO", 15}, {"PK", 24}, {"PL", 28}, {"PS", 29}, {"PT", 25}, {"QA", 29}, {"RO", 24}, {"RS", 22},
    {"SA", 24}, {"SC", 31}, {"SD", 18}, {"SE", 24}, {"SI", 19}, {"SK", 24}, {"SM", 27}, {"ST", 25}, {"SV", 28},
    {"TL", 23}, {"TN", 24}, {"TR", 26}, {"UA", 29}, {"VA", 22}, {"VG", 24}, {"XK", 20},
}};

absl::Status Bad(std::string_view number, std::string_view want) {
  return InvalidField("", StrCat(number.size(), " characters"), want);
}

// The number with its first four characters last, letters as 10 to 35, modulo 97.
int Mod97(std::string_view iban) {
  int rest = 0;
  const auto take = [&rest](char c) {
    rest = absl::ascii_isdigit(c) ? (rest * 10 + (c - '0')) % 97 : (rest * 100 + (c - 'A' + 10)) % 97;
  };
  for (const char c : iban.substr(4)) take(c);
  for (const char c : iban.substr(0, 4)) take(c);
  return rest;
}

absl::Status CheckIban(std::string_view number) {
  const bool formed =
      number.size() >= 5 && IsCapital(number[0]) && IsCapital(number[1]) && absl::ascii_isdigit(number[2]) &&
      absl::ascii_isdigit(number[3]) &&
      std::all_of(number.begin(), number.end(), [](char c) { return absl::ascii_isdigit(c) || IsCapital(c); });
  if (!formed) return Bad(number, "an IBAN: two letters, two check digits, then letters and digits");
  const auto* country = std::find_if(kIbanLengths.begin(), kIbanLengths.end(),
                                     [&](const IbanLength& one) { return one.country == number.substr(0, 2); });
  if (country == kIbanLengths.end()) {
    return InvalidField("", StrCat("country ", number.substr(0, 2)), "an IBAN of a country of the registry");
  }
  if (number.size() != country->length) {
    return Bad(number, StrCat("an IBAN of ", country->country, " with ", country->length, " characters"));
  }
  if (Mod97(number) != 1) {
    return InvalidField("", StrCat("check digits ", number.substr(2, 2)), "the check digits of this IBAN (MOD 97)");
  }
  return absl::OkStatus();
}

absl::Status CheckCard(std::string_view number) {
  if (number.size() < 12 || number.size() > 19 || !AllDigits(number)) return Bad(number, "12 to 19 digits");
  int sum = 0;
  for (size_t i = 0; i < number.size(); ++i) {
    int digit = number[number.size() - 1 - i] - '0';
    if (i % 2 == 1) digit = digit * 2 > 9 ? digit * 2 - 9 : digit * 2;
    sum += digit;
  }
  if (sum % 10 == 0) return absl::OkStatus();
  return InvalidField("", StrCat("check digit ", number.substr(number.size() - 1)),
                      "the check digit of this card (Luhn)");
}

absl::Status CheckLocal(std::string_view number) {
  const bool formed =
      number.size() >= 4 && number.size() <= 34 &&
      std::all_of(number.begin(), number.end(), [](char c) { return absl::ascii_isdigit(c) || IsLetter(c); });
  return formed ? absl::OkStatus() : Bad(number, "4 to 34 letters and digits");
}

}  // namespace

std::string_view NameOf(AccountNumberType type) {
  switch (type) {
    case AccountNumberType::kIban:
      return "IBAN";
    case AccountNumberType::kCard:
      return "CARD";
    case AccountNumberType::kLocal:
      return "LOCAL";
  }
  return "NUMBER_TYPE_UNSPECIFIED";
}

std::string NormalizedAccountNumber(AccountNumberType type, std::string_view text) {
  std::string number;
  for (const char c : text) {
    if (c == ' ') continue;
    number += type == AccountNumberType::kIban && c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return number;
}

absl::Status CheckAccountNumber(AccountNumberType type, std::string_view number) {
  switch (type) {
    case AccountNumberType::kIban:
      return CheckIban(number);
    case AccountNumberType::kCard:
      return CheckCard(number);
    case AccountNumberType::kLocal:
      return CheckLocal(number);
  }
  return InvalidField("", NameOf(type), "IBAN, CARD or LOCAL");
}

std::string MaskedAccountNumber(AccountNumberType type, std::string_view number) {
  if (number.empty()) return "";
  const size_t shown = std::min<size_t>(number.size() < 8 ? 2 : 4, number.size());
  return StrCat(type == AccountNumberType::kIban ? number.substr(0, 2) : std::string_view(), "****",
                number.substr(number.size() - shown));
}

bool IsBic(std::string_view text) {
  if (text.size() != 8 && text.size() != 11) return false;
  return std::all_of(text.begin(), text.begin() + 6, IsCapital) &&
         std::all_of(text.begin() + 6, text.end(), [](char c) { return IsCapital(c) || absl::ascii_isdigit(c); });
}

}  // namespace tributary::partner
