#include "common/matching/address.h"

#include <algorithm>
#include <array>
#include <utility>

#include "common/matching/customer_name.h"
#include "common/matching/edit_distance.h"
#include "common/matching/folding.h"

namespace tributary::matching {
namespace {

constexpr int kOtherNumber = 300;

constexpr auto kStreetKinds = std::to_array<std::u16string_view>(
    {u"st",  u"str",     u"street", u"ave",   u"av",    u"avenue",  u"rd",  u"road",    u"blvd",   u"boulevard",
     u"dr",  u"drive",   u"ln",     u"lane",  u"pl",    u"place",   u"ct",  u"court",   u"sq",     u"square",
     u"hwy", u"highway", u"pkwy",   u"way",   u"ter",   u"terrace", u"cir", u"circle",  u"rue",    u"strasse",
     u"weg", u"platz",   u"via",    u"viale", u"calle", u"avenida", u"rua", u"laan",    u"straat", u"allee",
     u"the", u"of",      u"no",     u"de",    u"la",    u"le",      u"sec", u"section", u"floor",  u"fl",
     u"f",   u"suite",   u"ste",    u"room",  u"rm",    u"unit",    u"p",   u"o",       u"box"});
constexpr auto kDirections = std::to_array<std::pair<std::u16string_view, std::u16string_view>>(
    {{u"n", u"north"}, {u"s", u"south"}, {u"e", u"east"}, {u"w", u"west"}});
constexpr std::u16string_view kHanDigits = u"零一二三四五六七八九";

bool IsDigit(char16_t c) { return c >= u'0' && c <= u'9'; }

void Sort(std::vector<std::u16string>* all) {
  std::sort(all->begin(), all->end());
  all->erase(std::unique(all->begin(), all->end()), all->end());
}

void AddRun(std::u16string_view run, AddressParts* parts) {
  if (run.empty()) return;
  if (IsDigit(run.front())) {
    while (run.size() > 1 && run.front() == u'0') run.remove_prefix(1);
    parts->numbers.emplace_back(run);
  } else if (IsSpaceless(run.front())) {
    for (size_t i = 0; i + 1 < run.size(); ++i) parts->words.emplace_back(run.substr(i, 2));
    if (run.size() == 1) parts->words.emplace_back(run);
  } else {
    if (std::find(kStreetKinds.begin(), kStreetKinds.end(), run) != kStreetKinds.end()) return;
    for (const auto& [brief, full] : kDirections) {
      if (run == brief) run = full;
    }
    parts->words.emplace_back(run);
  }
}

// 0 letters, 1 digits, 2 a script without spaces.
int KindOf(char16_t c) { return IsDigit(c) ? 1 : IsSpaceless(c) ? 2 : 0; }

bool SameWord(std::u16string_view a, std::u16string_view b) {
  return a == b || (a.size() >= 5 && b.size() >= 5 && EditDistance(a, b, 1) <= 1);
}

size_t Common(const std::vector<std::u16string>& a, const std::vector<std::u16string>& b) {
  std::vector<bool> used(b.size());
  size_t common = 0;
  for (const bool exact : {true, false}) {
    for (const std::u16string& word : a) {
      const bool known = std::binary_search(b.begin(), b.end(), word);
      if (known != exact) continue;
      for (size_t j = 0; j < b.size(); ++j) {
        if (used[j] || (exact ? word != b[j] : !SameWord(word, b[j]) || std::binary_search(a.begin(), a.end(), b[j]))) {
          continue;
        }
        used[j] = true;
        ++common;
        break;
      }
    }
  }
  return common;
}

}  // namespace

std::string PhoneDigits(std::string_view text) {
  std::u16string folded = Fold(text);
  for (const std::u16string_view extension : {u"ext", u"x", u"#", u"分机", u"转"}) {
    if (const size_t at = folded.find(extension); at != std::u16string::npos && at > 6) folded.resize(at);
  }
  if (const size_t zero = folded.find(u"(0)"); zero != std::u16string::npos) folded.erase(zero, 3);
  std::string digits;
  for (const char16_t c : folded) {
    if (IsDigit(c) && (c != u'0' || !digits.empty())) digits += static_cast<char>(c);
  }
  return digits;
}

bool SamePhone(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  return a.size() >= 7 && b.size() <= a.size() + 6 && b.ends_with(a);
}

AddressParts ReadAddress(std::string_view text) {
  AddressParts parts;
  const Words split = WordsOf(Fold(text.substr(0, 1024)));
  for (std::u16string word : split.words) {
    for (size_t i = 0; i + 1 < word.size(); ++i) {
      const size_t digit = kHanDigits.find(word[i]);
      if (digit != std::u16string_view::npos &&
          (word[i + 1] == u'段' || word[i + 1] == u'巷' || word[i + 1] == u'楼')) {
        word[i] = static_cast<char16_t>(u'0' + digit);
      }
    }
    for (size_t from = 0; from < word.size();) {
      size_t to = from + 1;
      while (to < word.size() && KindOf(word[to]) == KindOf(word[from])) ++to;
      // "51st", "103rd": letters behind a number say that it is one.
      const bool ordinal = from > 0 && KindOf(word[from]) == 0 && KindOf(word[from - 1]) == 1 && to - from == 2;
      if (!ordinal) AddRun(std::u16string_view(word).substr(from, to - from), &parts);
      from = to;
    }
  }
  Sort(&parts.words);
  Sort(&parts.numbers);
  return parts;
}

int AddressLikeness(const AddressParts& a, const AddressParts& b) {
  const size_t words = std::min(a.words.size(), b.words.size()), numbers = std::min(a.numbers.size(), b.numbers.size());
  if (words == 0) return 0;
  const size_t same_words = std::max(Common(a.words, b.words), Common(b.words, a.words));
  size_t same_numbers = 0;
  for (const std::u16string& number : a.numbers) {
    same_numbers += std::binary_search(b.numbers.begin(), b.numbers.end(), number) ? 1 : 0;
  }
  const int likeness = static_cast<int>(1000 * (same_words + same_numbers) / (words + numbers));
  return numbers > 0 && same_numbers == 0 ? std::min(likeness, kOtherNumber) : likeness;
}

}  // namespace tributary::matching
