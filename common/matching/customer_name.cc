#include "common/matching/customer_name.h"

#include <utility>

#include "common/matching/folding.h"
#include "common/matching/legal_forms.h"
#include "common/text/text.h"

namespace tributary::matching {
namespace {

bool IsApostrophe(char16_t c) { return c == '\'' || c == 0x2018 || c == 0x2019 || c == '`' || c == 0x00B4; }

// The code point at `i`, which moves behind it.
char32_t Next(std::u16string_view text, size_t* i) {
  const char16_t first = text[(*i)++];
  if (first < 0xd800 || first > 0xdbff || *i == text.size()) return first;
  const char16_t second = text[*i];
  if (second < 0xdc00 || second > 0xdfff) return first;
  ++*i;
  return 0x10000 + ((static_cast<char32_t>(first) - 0xd800) << 10) + (second - 0xdc00);
}

// How many parts of words follow one another from `i`, up to three.
size_t RunAt(std::u16string_view text, size_t i) {
  size_t run = 0;
  while (run < 3 && i < text.size() && IsWordPart(Next(text, &i))) ++run;
  return run;
}

// Whether what stands at `i - 1` inside or behind `word` goes without parting it from what follows.
bool Joins(char32_t c, std::u16string_view word, std::u16string_view text, size_t i) {
  if (c == '.') return RunAt(text, i) < 2;
  return IsApostrophe(static_cast<char16_t>(c)) && (word.size() < 3 || RunAt(text, i) < 3);
}

}  // namespace

Words WordsOf(std::u16string_view folded) {
  Words result;
  std::u16string word;
  bool comma = false;
  const auto end_word = [&] {
    if (word.empty()) return;
    result.words.push_back(std::exchange(word, {}));
    result.after_comma.push_back(std::exchange(comma, false));
  };
  for (size_t i = 0; i < folded.size();) {
    const size_t start = i;
    const char32_t c = Next(folded, &i);
    if (IsWordPart(c)) {
      word.append(folded.substr(start, i - start));
      continue;
    }
    result.separated = true;
    if (Joins(c, word, folded, i)) continue;
    end_word();
    comma |= c == ',' || c == ';' || c == '(' || c == '/' || c == 0x3001;
    if ((c == '&' || c == '+') && !result.words.empty()) {
      result.words.emplace_back(u"and");
      result.after_comma.push_back(false);
    }
  }
  end_word();
  while (!result.words.empty() && result.words.back() == u"and") {
    result.words.pop_back();
    result.after_comma.pop_back();
  }
  return result;
}

NameKey KeyOf(std::string_view name) {
  NameKey result;
  const std::u16string cased = FoldCase(name);
  const std::u16string folded = Simplified(cased);
  const std::string text = Utf8(folded);
  if (Utf8(cased) != name) result.folds.emplace_back("folded case and width");
  if (folded != cased) result.folds.emplace_back("read in simplified Chinese");
  Words split = WordsOf(folded);
  if (split.words.empty()) {
    result.key = text;
    return result;
  }
  if (split.separated) result.folds.emplace_back("left out punctuation and spaces");
  for (const std::u16string& form : CutForms(&split.words)) {
    result.folds.push_back(StrCat("left out the legal form '", Utf8(form), "'"));
  }
  std::u16string key;
  for (const std::u16string& word : split.words) key += word;
  result.key = Utf8(key);
  return result;
}

bool SameName(std::string_view a, std::string_view b) {
  const std::string key = KeyOf(a).key;
  return !key.empty() && key == KeyOf(b).key;
}

}  // namespace tributary::matching
