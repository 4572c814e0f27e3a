#include "common/matching/name_parts.h"

#include <algorithm>
#include <array>

#include "common/matching/customer_name.h"
#include "common/matching/edit_distance.h"
#include "common/matching/folding.h"
#include "common/matching/legal_forms.h"
#include "common/matching/name_words.h"

namespace tributary::matching {
namespace {

constexpr std::u16string_view kAfterPlaces = u"市省县区";
constexpr int kPlace = 15, kNumber = 60, kAgain = 5;

bool IsConsonant(char16_t c) { return c >= u'b' && c <= u'z' && c != u'e' && c != u'i' && c != u'o' && c != u'u'; }

std::u16string WithoutUmlauts(const std::u16string& word) {
  std::u16string plain;
  for (size_t i = 0; i < word.size(); ++i) {
    const char16_t c = word[i];
    const bool vowel = c == u'a' || c == u'o' || c == u'u';
    plain += c;
    if (vowel && i > 0 && i + 2 < word.size() && word[i + 1] == u'e' && IsConsonant(word[i - 1]) &&
        word[i - 1] != u'q' && IsConsonant(word[i + 2])) {
      ++i;
    }
  }
  return plain;
}

bool IsNumber(std::u16string_view word) {
  return std::all_of(word.begin(), word.end(), [](char16_t c) { return c >= u'0' && c <= u'9'; });
}

// One slip away from a form that many names end with.
bool IsFormMisspelled(std::u16string_view word) {
  constexpr std::array<std::u16string_view, 9> kForms = {
      u"limited", u"company", u"corporation", u"incorporated", u"gmbh", u"corp", u"inc", u"ltd", u"llc"};
  return std::any_of(kForms.begin(), kForms.end(),
                     [&](std::u16string_view form) { return EditDistance(word, form, 1) <= 1; });
}

// "d s m" is "dsm".
void JoinLetters(std::vector<std::u16string>* words) {
  std::vector<std::u16string> joined;
  bool letter_before = false;
  for (std::u16string& word : *words) {
    const bool letter = word.size() == 1 && word[0] >= u'a' && word[0] <= u'z';
    if (letter && letter_before) {
      joined.back() += word;
    } else {
      joined.push_back(std::move(word));
    }
    letter_before = letter;
  }
  *words = std::move(joined);
}

// Where the place begins that follows a legal form and a comma; the number of words where there is none.
size_t PlaceIn(const Words& split) {
  const std::span<const std::u16string> words(split.words);
  for (size_t i = 2; i < words.size(); ++i) {
    if (!split.after_comma[i]) continue;
    const size_t form = TrailingForm(words.first(i));
    if (form == 0 || form == i) continue;
    size_t end = words.size();
    while (end > i) {
      const size_t n = TrailingForm(words.subspan(i, end - i));
      if (n == 0) break;
      end -= n;
    }
    if (end > i) return i;
  }
  return words.size();
}

}  // namespace

uint32_t HashOf(std::u16string_view text) {
  uint32_t hash = 2166136261U;
  for (const char16_t c : text) {
    hash = (hash ^ (c & 0xff)) * 16777619U;
    hash = (hash ^ (c >> 8)) * 16777619U;
  }
  return hash;
}

void NameParts::Add(std::u16string_view word, int weight) {
  word = word.substr(0, std::min<size_t>({word.size(), 255, kMostUnits - text_.size()}));
  if (word.empty() || words_.size() == kMostWords) return;
  const uint32_t hash = HashOf(Plain(word));
  // Said again, it tells nothing more.
  if (!IsSpaceless(word.front()) &&
      std::any_of(words_.begin(), words_.end(), [&](const NameWord& w) { return w.hash == hash; })) {
    weight = std::min(weight, kAgain);
  }
  words_.push_back({.begin = static_cast<uint16_t>(text_.size()),
                    .length = static_cast<uint8_t>(word.size()),
                    .weight = static_cast<uint8_t>(weight),
                    .hash = hash});
  text_ += word;
}

NameParts::NameParts(std::string_view name) {
  // Enough of it for what is compared: a unit has at most three bytes, and most of a name is no punctuation.
  std::u16string folded = Fold(name.substr(0, std::min<size_t>(name.size(), 12 * kMostUnits)));
  Words split = WordsOf(folded);
  if (split.words.empty()) {
    if (!folded.empty()) Add(folded, kOwnWeight);
    return;
  }
  for (const std::u16string& word : split.words) whole_ += word;
  whole_.resize(std::min(whole_.size(), kMostUnits));
  const auto place_at = static_cast<ptrdiff_t>(PlaceIn(split));
  const std::vector<std::u16string> place(split.words.begin() + place_at, split.words.end());
  split.words.resize(static_cast<size_t>(place_at));
  const bool nothing_cut = CutForms(&split.words).empty() && place.empty();
  JoinLetters(&split.words);
  for (size_t i = 0; i < split.words.size(); ++i) {
    const std::u16string& word = split.words[i];
    const bool middle = i > 0 && split.words.size() > 2 && word.size() > 1 && IsForm(word);
    for (size_t from = 0; from < word.size();) {
      const bool spaceless = IsSpaceless(word[from]);
      size_t to = from + 1;
      while (to < word.size() && IsSpaceless(word[to]) == spaceless) ++to;
      const std::u16string run = word.substr(from, to - from);
      from = to;
      spaceless_ |= spaceless;
      if (!spaceless) {
        const std::u16string plain = WithoutUmlauts(run);
        Add(plain, middle ? kPlace : IsNumber(plain) ? kNumber : WeightOf(plain));
        continue;
      }
      size_t own = 0;  // where the part of its own began
      for (size_t at = 0; at <= run.size();) {
        size_t common = at < run.size() ? CommonHanWord(std::u16string_view(run).substr(at)) : 0;
        // "深圳市" as "深圳".
        if (common > 0 && at + common + 1 < run.size() &&
            kAfterPlaces.find(run[at + common]) != std::u16string_view::npos) {
          ++common;
        }
        if (common == 0 && at < run.size()) {
          ++at;
          continue;
        }
        Add(std::u16string_view(run).substr(own, at - own), kOwnWeight);
        if (common == 0) break;
        Add(std::u16string_view(run).substr(at, common), kCommonWeight);
        own = at += common;
      }
    }
  }
  for (const std::u16string& word : place) Add(WithoutUmlauts(word), kPlace);
  if (nothing_cut && words_.size() > 1 && IsFormMisspelled(text_.substr(words_.back().begin)))
    words_.back().weight = kPlace;
  if (whole_ == text_) whole_.clear();
  const bool plain = std::all_of(text_.begin(), text_.end(), IsLatinLetterOrDigit);
  if (plain) return;
  latin_ = Latin(text_);
  latin_.resize(std::min(latin_.size(), kMostUnits));
}

}  // namespace tributary::matching
