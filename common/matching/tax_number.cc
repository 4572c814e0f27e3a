#include "common/matching/tax_number.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <numeric>
#include <span>

#include "common/matching/folding.h"

namespace tributary::matching {
namespace {

constexpr std::string_view kUsccCharacters = "0123456789ABCDEFGHJKLMNPQRTUWXY";

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool AllDigits(std::string_view text) { return std::all_of(text.begin(), text.end(), IsDigit); }
int Digit(char c) { return c - '0'; }
int64_t Number(std::string_view digits) {
  return std::accumulate(digits.begin(), digits.end(), int64_t{0},
                         [](int64_t value, char c) { return value * 10 + Digit(c); });
}
int Weighted(std::string_view digits, std::span<const int> weights) {
  int sum = 0;
  for (size_t i = 0; i < weights.size(); ++i) sum += Digit(digits[i]) * weights[i];
  return sum;
}
// ISO/IEC 7812's, from the right.
bool Luhn(std::string_view digits) {
  int sum = 0;
  for (size_t i = 0; i < digits.size(); ++i) {
    const int twice = Digit(digits[digits.size() - 1 - i]) * (i % 2 == 1 ? 2 : 1);
    sum += twice / 10 + twice % 10;
  }
  return sum % 10 == 0;
}
// ISO 7064 MOD 11,10.
bool Mod1110(std::string_view digits) {
  int product = 10;
  for (const char c : digits.substr(0, digits.size() - 1)) {
    const int sum = (Digit(c) + product) % 10;
    product = (sum == 0 ? 10 : sum) * 2 % 11;
  }
  return (11 - product) % 10 == Digit(digits.back());
}
bool MultipleOf11(std::string_view digits, std::span<const int> weights) { return Weighted(digits, weights) % 11 == 0; }

bool Austria(std::string_view v) {
  if (v[0] != 'U' || !AllDigits(v.substr(1))) return false;
  int sum = 4;
  for (size_t i = 1; i < 8; ++i) {
    const int one = Digit(v[i]) * (i % 2 == 0 ? 2 : 1);
    sum += one / 10 + one % 10;
  }
  return (10 - sum % 10) % 10 == Digit(v[8]);
}
bool Belgium(std::string_view v) { return AllDigits(v) && 97 - Number(v.substr(0, 8)) % 97 == Number(v.substr(8)); }
bool Germany(std::string_view v) { return AllDigits(v) && Mod1110(v); }
bool Denmark(std::string_view v) {
  constexpr std::array kWeights = {2, 7, 6, 5, 4, 3, 2, 1};
  return AllDigits(v) && MultipleOf11(v, kWeights);
}
bool Finland(std::string_view v) {
  constexpr std::array kWeights = {7, 9, 10, 5, 8, 4, 2, 1};
  return AllDigits(v) && MultipleOf11(v, kWeights);
}
bool France(std::string_view v) {
  if (!AllDigits(v)) return false;
  const int64_t siren = Number(v.substr(2));
  return (12 + 3 * (siren % 97)) % 97 == Number(v.substr(0, 2));
}
bool Britain(std::string_view v) {
  constexpr std::array kWeights = {8, 7, 6, 5, 4, 3, 2};
  if (!AllDigits(v)) return false;
  const int64_t sum = Weighted(v, kWeights) + Number(v.substr(7));
  return sum % 97 == 0 || (sum + 55) % 97 == 0;
}
bool Italy(std::string_view v) { return AllDigits(v) && Luhn(v); }
bool Luxembourg(std::string_view v) { return AllDigits(v) && Number(v.substr(0, 6)) % 89 == Number(v.substr(6)); }
bool Netherlands(std::string_view v) {
  constexpr std::array kWeights = {9, 8, 7, 6, 5, 4, 3, 2};
  if (!AllDigits(v.substr(0, 9)) || v[9] != 'B' || !AllDigits(v.substr(10))) return false;
  return Weighted(v, kWeights) % 11 == Digit(v[8]);
}
bool Poland(std::string_view v) {
  constexpr std::array kWeights = {6, 5, 7, 2, 3, 4, 5, 6, 7};
  return AllDigits(v) && Weighted(v, kWeights) % 11 == Digit(v[9]);
}
bool Portugal(std::string_view v) {
  constexpr std::array kWeights = {9, 8, 7, 6, 5, 4, 3, 2};
  if (!AllDigits(v)) return false;
  const int check = 11 - Weighted(v, kWeights) % 11;
  return (check > 9 ? 0 : check) == Digit(v[8]);
}
bool Sweden(std::string_view v) { return AllDigits(v) && Luhn(v.substr(0, 10)); }

struct Vat {
  std::string_view country;
  size_t length;
  bool (*holds)(std::string_view value);
};
constexpr auto kVats = std::to_array<Vat>({{"AT", 9, Austria},
                                           {"BE", 10, Belgium},
                                           {"DE", 9, Germany},
                                           {"DK", 8, Denmark},
                                           {"FI", 8, Finland},
                                           {"FR", 11, France},
                                           {"GB", 9, Britain},
                                           {"IT", 11, Italy},
                                           {"LU", 8, Luxembourg},
                                           {"NL", 12, Netherlands},
                                           {"PL", 10, Poland},
                                           {"PT", 9, Portugal},
                                           {"SE", 12, Sweden}});

// 統一編號: the digits of each product are summed; since 2023 a multiple of 5 is enough; a 7 in the seventh place may
// count one more.
bool Taiwan(std::string_view v) {
  constexpr std::array kWeights = {1, 2, 1, 2, 1, 2, 4, 1};
  int sum = 0;
  for (size_t i = 0; i < 8; ++i) {
    const int product = Digit(v[i]) * kWeights[i];
    sum += product / 10 + product % 10;
  }
  return sum % 5 == 0 || (v[6] == '7' && (sum + 1) % 5 == 0);
}

}  // namespace

char UsccCheckCharacter(std::string_view first_17) {
  if (first_17.size() != 17) return 0;
  // The weights are the powers of 3 modulo 31; with the check character the sum is a multiple of 31.
  int weight = 1, sum = 0;
  for (const char c : first_17) {
    const size_t value = kUsccCharacters.find(c);
    if (value == std::string_view::npos) return 0;
    sum += weight * static_cast<int>(value);
    weight = weight * 3 % 31;
  }
  return kUsccCharacters[(31 - sum % 31) % 31];
}

TaxNumber ReadTaxNumber(std::string_view text) {
  TaxNumber number;
  for (const char16_t c : Fold(text)) {
    if (!IsWordPart(c)) continue;
    if (c >= u'a' && c <= u'z') {
      number.value += static_cast<char>(c - u'a' + 'A');
    } else {
      number.value += Utf8(std::u16string_view(&c, 1));
    }
  }
  const std::string_view value = number.value;
  if (value.size() == 18 && UsccCheckCharacter(value.substr(0, 17)) == value.back()) {
    number.scheme = "CN";
    number.checked = true;
    return number;
  }
  for (const Vat& vat : kVats) {
    if (!value.starts_with(vat.country) || value.size() != vat.length + 2) continue;
    number.checked = vat.holds(value.substr(2));
    number.scheme = vat.country;
    number.value.erase(0, 2);
    return number;
  }
  if (value.size() == 8 && AllDigits(value) && Taiwan(value)) number.scheme = "TW";
  return number;
}

}  // namespace tributary::matching
