#pragma once

// Legal forms of companies the world over, as they stand in names: a table of our own.

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::matching {

// How many words at the end of `words` (folded, without full stops) are one legal form, the longest; 0 where they are
// none. Spaces do not matter: "b v", "co ltd" and "sp z oo" are forms as "bv", "coltd" and "spzoo" are.
size_t TrailingForm(std::span<const std::u16string> words);
// At the start, where some languages put it: "pt", "ооо", "株式会社", "n v".
size_t LeadingForm(std::span<const std::u16string> words);
// Whether one word is a form wherever it stands.
bool IsForm(const std::u16string& word);

// What scripts without spaces put at the end of a word ("股份有限公司") and at its start ("株式会社"), simplified, the
// longest first.
const std::vector<std::u16string>& FormEndings();
const std::vector<std::u16string>& FormBeginnings();

// Cuts legal forms off both ends of a name's words, again and again, as long as something remains. Answers what was
// cut, in order.
std::vector<std::u16string> CutForms(std::vector<std::u16string>* words);

}  // namespace tributary::matching
