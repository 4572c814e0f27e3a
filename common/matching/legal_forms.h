#pragma once

// Legal forms of companies, as they stand in names after folding (lower case, without full stops).

#include <string_view>
#include <vector>

namespace tributary::matching {

// Whole words, at the end of a name: "inc", "gmbh".
bool IsTrailingForm(std::string_view word);
// Whole words, at the start of a name: "株式会社" and "pt" stand there too.
bool IsLeadingForm(std::string_view word);
// Endings of a word in scripts without spaces, longest first: "股份有限公司".
const std::vector<std::string_view>& TrailingEndings();
// Beginnings likewise: "株式会社".
const std::vector<std::string_view>& LeadingBeginnings();

}  // namespace tributary::matching
