#pragma once

// Whether two spellings are the name of one company, by an equality of keys: what is left of a name when case, width,
// the writing of Chinese, punctuation, spaces and legal forms are gone. It is deterministic, symmetric and transitive,
// and every step says what it did. Likeness of names whose keys differ is name_likeness.h.

#include <string>
#include <string_view>
#include <vector>

namespace tributary::matching {

// Changes whenever any name may get another key.
inline constexpr std::string_view kNameMatchingVersion = "name-2";

struct NameKey {
  std::string key;  // UTF-8; empty only for an empty name
  // What was done to get there, in order, for people: "left out the legal form 'coltd'".
  std::vector<std::string> folds;
};

// The key of a name:
//   1. Unicode NFKC with case folding (FoldCase): full width becomes half, ligatures and circled letters plain, STRASSE
//      equals Straße; marks that nobody sees are gone. Accents stay: müller is not muller.
//   2. Traditional Chinese becomes simplified: 臺灣水泥 is 台湾水泥.
//   3. '&' and '+' between words become "and". Full stops and apostrophes are dropped (S.A. is sa, Macy's is macys)
//      where no whole word follows at once (N.V.Philips is nv philips); all other punctuation, signs and spaces
//      separate words.
//   4. Legal forms (legal_forms.h) at the end, and those that some languages put first at the start, are left out,
//      again and again, as long as something remains.
//   5. The words are joined: spaces never tell two names apart.
// Invalid UTF-8 counts as U+FFFD.
NameKey KeyOf(std::string_view name);

// Whether both names have one key. A name without any letter or digit has its folded text for a key; an empty one is
// like no other.
bool SameName(std::string_view a, std::string_view b);

// The words of a folded name by step 3.
struct Words {
  std::vector<std::u16string> words;
  std::vector<bool> after_comma;  // of each word: whether a comma, semicolon, slash or opening bracket stands before it
  bool separated = false;         // some punctuation or space was there
};
Words WordsOf(std::u16string_view folded);

}  // namespace tributary::matching
