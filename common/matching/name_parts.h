#pragma once

// A name as it is compared: its words, folded, each with what it tells.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace tributary::matching {

inline constexpr size_t kMostUnits = 160;  // of a name; what is beyond is not compared
inline constexpr size_t kMostWords = 24;

struct NameWord {
  uint16_t begin = 0;
  uint8_t length = 0;
  uint8_t weight = 0;  // percent of a name of one's own (name_words.h)
  uint32_t hash = 0;   // of Plain(word): words of one hash count as equal

  friend bool operator==(const NameWord&, const NameWord&) = default;
};

// Refers to what a NameParts or an index holds.
struct NameView {
  std::u16string_view text;         // the words, joined
  std::span<const NameWord> words;  // tile the text
  std::u16string_view whole;        // all words as they stood, joined, with legal forms; empty where it is the text
  std::u16string_view latin;        // the text in Latin letters; empty where it is so already
  bool spaceless = false;           // has characters of Han, Kana or Hangul

  std::u16string_view Word(size_t i) const { return text.substr(words[i].begin, words[i].length); }
};

// Fold, then WordsOf and CutForms of customer_name.h. Texts in scripts without spaces are cut into trades, places and
// what is between them. What stands behind a legal form and a comma is a place and tells little ("ASML B.V.,
// VELDHOVEN"), and so does a legal form in the middle. ae, oe and ue between consonants are a, o and u, as their
// accents are gone ("boerse", "börse").
class NameParts {
 public:
  NameParts() = default;
  explicit NameParts(std::string_view name);

  NameView view() const { return {text_, words_, whole_, latin_, spaceless_}; }

 private:
  void Add(std::u16string_view word, int weight);

  std::u16string text_, whole_, latin_;
  std::vector<NameWord> words_;
  bool spaceless_ = false;
};

uint32_t HashOf(std::u16string_view text);

}  // namespace tributary::matching
