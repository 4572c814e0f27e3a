#pragma once

// How alike two names are. Pure, deterministic and symmetric; nothing in it depends on which other names there are.

#include <string_view>

#include "common/matching/name_parts.h"

namespace tributary::matching {

// What the likeness was seen by.
enum class NameRule {
  kNone = 0,
  kEqual,      // the same words in the same order
  kWords,      // words in common, in any order, also misspelled, abbreviated, written together
  kSpelling,   // few changes of letters in the whole
  kShortName,  // characters of one stand in the other, in order: 台泥 in 臺灣水泥
  kInitials,   // IBM: no more than a hint
  kSound,      // the same letters after transliteration: 台灣水泥 and Taiwan Shuini; of Han no more than a hint
};
std::string_view NameOf(NameRule rule);

struct NameLikeness {
  int permille = 0;  // 0 to 1000; 1000 for equal words alone
  NameRule rule = NameRule::kNone;
  // How much of a name of its own is in what they share, in percent, at most 255: 100 and more is a name, 35 a trade.
  int weight = 0;

  friend bool operator==(const NameLikeness&, const NameLikeness&) = default;
};

NameLikeness Compare(const NameView& a, const NameView& b);
inline NameLikeness Compare(const NameParts& a, const NameParts& b) { return Compare(a.view(), b.view()); }

}  // namespace tributary::matching
