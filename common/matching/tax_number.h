#pragma once

// Numbers under which tax offices know a company, told apart by their form and check digits.

#include <string>
#include <string_view>

namespace tributary::matching {

// The check character that GB 32100-2015 (统一社会信用代码) wants behind these 17 characters; 0 where they are not of
// its form: digits and capitals without I, O, S, V and Z.
char UsccCheckCharacter(std::string_view first_17);

struct TaxNumber {
  // What issues it: "CN" (统一社会信用代码), "TW" (統一編號), a country of the European Union or GB (VAT); empty where
  // neither form nor check digits say so.
  std::string scheme;
  std::string value;  // letters and digits in capitals, without the country's prefix
  // Equal numbers of a scheme whose check digits hold are one company's.
  bool checked = false;

  friend bool operator==(const TaxNumber&, const TaxNumber&) = default;
};
// Of a text with spaces, dots and dashes, full width or not; an empty value where there is no letter and no digit.
TaxNumber ReadTaxNumber(std::string_view text);

}  // namespace tributary::matching
