#pragma once

// Whether two spellings are the name of one company. Version 1 compares keys: what is left of a name when case, width,
// punctuation, spaces and legal forms are gone. It is deterministic and symmetric (and, being an equality of keys,
// transitive), and every step says what it did. It does not know abbreviations, translations or misspellings.

#include <string>
#include <string_view>
#include <vector>

namespace tributary::matching {

// Changes whenever any name may get another key.
inline constexpr std::string_view kNameMatchingVersion = "name-1";

struct NameKey {
  std::string key;  // UTF-8; empty only for an empty name
  std::vector<std::string>
      folds;  // what was done to get there, in order, for people: "left out the legal form 'co ltd'"
};

// The key of a name:
//   1. Unicode NFKC with case folding: full width becomes half, ligatures and circled letters plain, STRASSE equals
//   Straße; marks that
//      nobody sees are gone. Accents stay: müller is not muller.
//   2. '&' and '+' between words become "and". Full stops and apostrophes are dropped (S.A. is sa, Macy's is macys);
//   all other
//      punctuation, signs and spaces separate words.
//   3. Legal forms (legal_forms.h) at the end, and those that some languages put first at the start, are left out,
//   again and again,
//      as long as something remains.
//   4. The words are joined: spaces never tell two names apart.
// Invalid UTF-8 counts as U+FFFD.
NameKey KeyOf(std::string_view name);

// Whether both names have one key. A name without any letter or digit has its folded text for a key; an empty one is
// like no other.
bool SameName(std::string_view a, std::string_view b);

}  // namespace tributary::matching
