#pragma once

#include "common/matching/name_parts.h"

namespace tributary::matching {

// How well the characters of one name stand in the other, in order, 0 to 1000: a short name takes whole words, the
// first characters of words, and leaves trades and places out (信大水泥 -> 信大, 臺灣水泥 -> 台泥, 京城商業銀行 ->
// 京城銀).
int ShortNameLikeness(const NameView& a, const NameView& b);

}  // namespace tributary::matching
