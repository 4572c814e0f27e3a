#pragma once

// What each member of a group has of a value, worked out again by the verifier. Without messages.

#include <cstdint>
#include <string>
#include <vector>

#include "cli/verify/fraction.h"

namespace tributary::cli::verify {

// A member as an entry states it.
struct StatedMember {
  std::string partner;  // partners/{partner}
  int64_t lines = 0;
  Integer volume = 0;  // billionths
  Integer share = 0;   // billionths of the currency
};

// A line of the entry.
struct MemberLine {
  std::string partner;  // whose it is, partners/{partner}
  Integer volume = 0;   // billionths: money, or units where units are paid
};

// What differs, in words: each partner with a line is stated once, by name, with what its lines come to, and with its
// share of `value` by that: whole parts first, then one each to the largest remainders, equal ones to the smaller name;
// nothing for 0 or less. Nobody is stated where all lines are of `earner`. `value`: smallest units, `minor` in one.
std::vector<std::string> VerifyMembers(const std::vector<StatedMember>& stated, const std::vector<MemberLine>& lines,
                                       const std::string& earner, const Integer& value, const Integer& minor);

}  // namespace tributary::cli::verify
