#pragma once

// What single words tell about a company: its own name much, its trade, place or size little.

#include <string_view>

namespace tributary::matching {

inline constexpr int kOwnWeight = 100, kCommonWeight = 35, kJoiningWeight = 10;

// How much a word tells, in percent of a name of one's own. `word` is folded.
//   100  a name of one's own
//    35  a trade, a place, a size: "electronics", "holland", "international", "school"
//    10  what joins words: "of", "der", "y"
int WeightOf(std::u16string_view word);

// The one spelling for words that mean the same in names: "intl" and "internationale" -> "international", "st" ->
// "saint", "ctr" -> "center". The word itself where there is none.
std::u16string_view Plain(std::u16string_view word);

// The length of the trade, place or size that `text` (simplified Chinese) begins with, the longest; 0 where with none:
// "科技", "工业", "台湾".
size_t CommonHanWord(std::u16string_view text);

}  // namespace tributary::matching
