#pragma once

// Where a company is, and how it is called up.

#include <string>
#include <string_view>
#include <vector>

namespace tributary::matching {

// The digits of a number for telephones, without what leads abroad ("+", "00"), a "(0)", zeros before the area and an
// extension.
std::string PhoneDigits(std::string_view text);
// Whether two of them may be one: the last digits of the longer are the shorter, at least seven.
bool SamePhone(std::string_view a, std::string_view b);

// An address as it is compared: folded words without kinds of streets ("st", "avenue", "straße"), north for n; numbers
// apart, the first is the house's in most countries. Chinese numbers of sections and lanes are digits (二段 is 2段).
struct AddressParts {
  std::vector<std::u16string> words;    // sorted, each once; of Han, pairs of characters
  std::vector<std::u16string> numbers;  // sorted, each once
};
AddressParts ReadAddress(std::string_view text);

// How much of what the one with less says the other says too, in thousandths; at most 300 where both have numbers and
// none in common.
int AddressLikeness(const AddressParts& a, const AddressParts& b);

}  // namespace tributary::matching
