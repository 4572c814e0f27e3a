#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace tributary::matching {

// Legal forms are also phrases, too many to be listed: "coöperatieve vennootschap met beperkte aansprakelijkheid". How
// many words at the end (else at the start) are a run of words that such phrases are made of, at least two, with a
// head such as "vennootschap" among them; 0 where none.
size_t LegalPhrase(std::span<const std::u16string> words, bool at_end);

// The letters and digits of a folded text: as forms are compared.
std::u16string Letters(std::u16string_view folded);

}  // namespace tributary::matching
