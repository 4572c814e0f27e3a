#pragma once

// What a cap of clawbacks leaves stated of a closed period, worked out again by the verifier: by an entry itself, and
// by all that a partner's entries have said of the period before it. Without messages.

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/verify/fraction.h"

namespace tributary::cli::verify {

// What terms bound.
struct ClawbackLimit {
  std::optional<Integer> amount;  // billionths
  std::optional<Integer> share;   // likewise: of the most that was stated
};

struct ClawbackWork {
  Integer stays = 0;   // smallest units, as is the next
  Integer waived = 0;  // what that is beyond what the period is worth
};

// `most`: the most that was stated, `worth`: what the period is worth; both smallest units, of which `minor` are one.
ClawbackWork WorkOutClawback(const ClawbackLimit& limit, const Integer& most, const Integer& worth, RoundingRule rule,
                             const Integer& minor);

// What an entry says of a period, in any one unit.
struct ClawedEntry {
  std::string program;
  std::string period;
  bool earned = false;  // else a true-up
  Integer value = 0;    // with what is waived
  // Of a true-up of a program with a cap.
  std::optional<Integer> most;
  Integer waived = 0;
  Integer waived_before = 0;
};

// Takes all entries of a partner's statements but those of guarantees, in the order of number and ordinal.
class ClawedChain {
 public:
  // What differs, in words: that the most that was stated, and what of it was waived, is what the entries before say.
  std::vector<std::string> Take(const ClawedEntry& entry);

 private:
  struct Said {
    Integer most = 0;  // once it was closed
    Integer waived = 0;
  };
  std::map<std::pair<std::string, std::string>, Said> said_;  // by program and period
};

}  // namespace tributary::cli::verify
