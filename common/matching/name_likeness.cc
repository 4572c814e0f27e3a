#include "common/matching/name_likeness.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <vector>

#include "common/matching/edit_distance.h"
#include "common/matching/folding.h"
#include "common/matching/short_name.h"

namespace tributary::matching {
namespace {

// What words that only one name has cost, in percent of what shared ones bring: little where the other has none of its
// own ("Philips", "Philips Lighting"), much where both have ("Delta Airlines", "Delta Cement").
constexpr int kOneSided = 30, kTwoSided = 110;
constexpr int kInitialsAlike = 780, kSoundOfHan = 780, kSoundLoss = 40;
constexpr int kNumbersDiffer = 780;

bool IsNumber(std::u16string_view word) {
  return std::all_of(word.begin(), word.end(), [](char16_t c) { return c >= u'0' && c <= u'9'; });
}

// Thousandths; 0 where they are not one word misspelled or cut short.
int WordLikeness(std::u16string_view a, std::u16string_view b) {
  const size_t shorter = std::min(a.size(), b.size()), longer = std::max(a.size(), b.size());
  // Slips at both ends of a word are rare, and most words are so told apart at once.
  if (shorter < 3 || (a.front() != b.front() && a.back() != b.back())) return 0;
  if (IsNumber(a) || IsNumber(b)) return 0;
  const size_t limit = longer <= 4 ? 1 : longer <= 8 ? 2 : longer <= 12 ? 3 : longer / 4;
  int best = 0;
  const size_t distance = EditDistance(a, b, limit);
  if (distance <= limit && shorter > 3) {
    // A different first letter is a rare slip.
    const size_t lost = distance * 1200 + (a.front() == b.front() ? 0 : 600);
    best = 1000 - static_cast<int>(std::min<size_t>(1000, lost / longer));
  }
  if (longer > shorter && a.substr(0, shorter) == b.substr(0, shorter)) best = std::max(best, shorter >= 5 ? 850 : 750);
  return best < 600 ? 0 : best;
}

// One word or two neighbors of each name that stand for each other.
struct Pair {
  uint8_t a, b;              // the first words
  uint8_t a_words, b_words;  // 1 or 2
  int likeness;
};

struct Shared {
  int64_t mass = 0;                // likeness times weight of what they share
  int64_t left_a = 0, left_b = 0;  // weight of what they do not
  bool numbers_differ = false;
};

int WeightOf(const NameView& name, size_t first, size_t words) {
  int weight = 0;
  for (size_t i = first; i < first + words; ++i) weight = std::max<int>(weight, name.words[i].weight);
  return weight;
}
std::u16string_view TextOf(const NameView& name, size_t first, size_t words) {
  const size_t end = name.words[first + words - 1].begin + name.words[first + words - 1].length;
  return name.text.substr(name.words[first].begin, end - name.words[first].begin);
}

Shared WordsShared(const NameView& a, const NameView& b) {
  std::bitset<kMostWords> used_a, used_b;
  Shared shared;
  for (size_t i = 0; i < a.words.size(); ++i) {
    for (size_t j = 0; j < b.words.size(); ++j) {
      if (used_b[j] || a.words[i].hash != b.words[j].hash) continue;
      used_a.set(i);
      used_b.set(j);
      shared.mass += 1000 * std::min<int64_t>(a.words[i].weight, b.words[j].weight);
      break;
    }
  }
  std::vector<Pair> pairs;
  const auto consider = [&](size_t i, size_t in_a, size_t j, size_t in_b) {
    for (size_t k = i; k < i + in_a; ++k) {
      if (k >= a.words.size() || used_a[k]) return;
    }
    for (size_t k = j; k < j + in_b; ++k) {
      if (k >= b.words.size() || used_b[k]) return;
    }
    int likeness = WordLikeness(TextOf(a, i, in_a), TextOf(b, j, in_b));
    if (in_a + in_b > 2 && likeness < 850) likeness = 0;
    if (likeness == 0) return;
    pairs.push_back({static_cast<uint8_t>(i), static_cast<uint8_t>(j), static_cast<uint8_t>(in_a),
                     static_cast<uint8_t>(in_b), likeness});
  };
  for (size_t i = 0; i < a.words.size(); ++i) {
    if (used_a[i]) continue;
    for (size_t j = 0; j < b.words.size(); ++j) {
      if (used_b[j]) continue;
      consider(i, 1, j, 1);
      consider(i, 2, j, 1);
      consider(i, 1, j, 2);
    }
  }
  std::sort(pairs.begin(), pairs.end(), [](const Pair& x, const Pair& y) {
    if (x.likeness != y.likeness) return x.likeness > y.likeness;
    if (x.a_words + x.b_words != y.a_words + y.b_words) return x.a_words + x.b_words > y.a_words + y.b_words;
    return x.a != y.a ? x.a < y.a : x.b < y.b;
  });
  for (const Pair& pair : pairs) {
    bool free = true;
    for (size_t k = 0; k < pair.a_words; ++k) free &= !used_a[pair.a + k];
    for (size_t k = 0; k < pair.b_words; ++k) free &= !used_b[pair.b + k];
    if (!free) continue;
    for (size_t k = 0; k < pair.a_words; ++k) used_a.set(pair.a + k);
    for (size_t k = 0; k < pair.b_words; ++k) used_b.set(pair.b + k);
    shared.mass +=
        int64_t{pair.likeness} * std::min(WeightOf(a, pair.a, pair.a_words), WeightOf(b, pair.b, pair.b_words));
  }
  bool number_a = false, number_b = false;
  for (size_t i = 0; i < a.words.size(); ++i) {
    if (used_a[i]) continue;
    shared.left_a += a.words[i].weight;
    number_a |= IsNumber(a.Word(i));
  }
  for (size_t j = 0; j < b.words.size(); ++j) {
    if (used_b[j]) continue;
    shared.left_b += b.words[j].weight;
    number_b |= IsNumber(b.Word(j));
  }
  shared.numbers_differ = number_a && number_b;
  return shared;
}

bool Equal(const NameView& a, const NameView& b) {
  if (a.text == b.text) return true;
  if (a.words.size() != b.words.size()) return false;
  for (size_t i = 0; i < a.words.size(); ++i) {
    if (a.words[i].hash != b.words[i].hash) return false;
  }
  return true;
}

bool IsInitials(const NameView& less, const NameView& more) {
  if (less.words.size() != 1 || less.text.size() < 3 || less.text.size() > 8) return false;
  size_t at = 0;
  for (size_t i = 0; i < more.words.size(); ++i) {
    if (more.words[i].weight <= 10) continue;
    if (at == less.text.size() || more.text[more.words[i].begin] != less.text[at]) return false;
    ++at;
  }
  return at == less.text.size();
}

int Spelling(std::u16string_view a, std::u16string_view b, size_t longer) {
  const size_t limit = longer / 4;
  const size_t distance = EditDistance(a, b, limit);
  return distance > limit ? 0 : 1000 - static_cast<int>(distance * 1100 / longer);
}

// With legal forms too, for they are misspelled as well; what it costs is measured by the rest.
int Spelling(const NameView& a, const NameView& b) {
  const size_t longer = std::max(a.text.size(), b.text.size());
  const int spelling = Spelling(a.text, b.text, longer);
  if (a.whole.empty() && b.whole.empty()) return spelling;
  return std::max(spelling, Spelling(a.whole.empty() ? a.text : a.whole, b.whole.empty() ? b.text : b.whole, longer));
}

int TotalWeight(const NameView& name) {
  int weight = 0;
  for (const NameWord& word : name.words) weight += word.weight;
  return weight;
}

bool Before(const NameView& a, const NameView& b) {
  return a.text != b.text ? a.text < b.text : a.words.size() < b.words.size();
}

NameLikeness InOrder(const NameView& a, const NameView& b) {
  if (a.text.empty() || b.text.empty()) return {};
  const int least = std::min(TotalWeight(a), TotalWeight(b));
  NameLikeness best;
  const auto offer = [&](int permille, NameRule rule, int weight) {
    if (permille > best.permille) best = {permille, rule, std::min(weight, 255)};
  };
  if (Equal(a, b)) {
    offer(1000, NameRule::kEqual, least);
    return best;
  }
  const Shared shared = WordsShared(a, b);
  if (shared.mass > 0) {
    const int64_t more = std::max(shared.left_a, shared.left_b), less = std::min(shared.left_a, shared.left_b);
    const int64_t against = (more * kOneSided + less * kTwoSided) * 10;
    const int64_t ratio = shared.mass * 1000 / (shared.mass + against);
    // A misspelled word is shared in part.
    const int64_t found = shared.mass / std::max<int64_t>(1, least - less);
    offer(static_cast<int>(std::min<int64_t>(990, ratio * std::min<int64_t>(1000, found) / 1000)), NameRule::kWords,
          static_cast<int>(shared.mass / 1000));
  }
  if (!shared.numbers_differ) offer(std::min(Spelling(a, b), 990), NameRule::kSpelling, least);
  if (a.spaceless && b.spaceless) offer(std::min(ShortNameLikeness(a, b), 990), NameRule::kShortName, least);
  if (IsInitials(a, b) || IsInitials(b, a)) offer(kInitialsAlike, NameRule::kInitials, 100);
  if (shared.numbers_differ) best.permille = std::min(best.permille, kNumbersDiffer);
  return best;
}

NameLikeness BySound(const NameView& a, const NameView& b) {
  if (a.latin.empty() && b.latin.empty()) return {};
  const std::u16string_view sound_a = a.latin.empty() ? a.text : a.latin, sound_b = b.latin.empty() ? b.text : b.latin;
  if (sound_a.size() < 4 || sound_b.size() < 4) return {};
  int sound = Spelling(sound_a, sound_b, std::max(sound_a.size(), sound_b.size())) - kSoundLoss;
  const auto has_han = [](std::u16string_view text) { return std::any_of(text.begin(), text.end(), IsHan); };
  if (has_han(a.text) || has_han(b.text)) sound = std::min(sound, kSoundOfHan);
  return {std::max(sound, 0), NameRule::kSound, std::min({TotalWeight(a), TotalWeight(b), 255})};
}

}  // namespace

std::string_view NameOf(NameRule rule) {
  switch (rule) {
    case NameRule::kNone:
      return "none";
    case NameRule::kEqual:
      return "equal";
    case NameRule::kWords:
      return "words";
    case NameRule::kSpelling:
      return "spelling";
    case NameRule::kShortName:
      return "short name";
    case NameRule::kInitials:
      return "initials";
    case NameRule::kSound:
      return "sound";
  }
  return "none";
}

// Both ways round through one order, so that no choice between equals can tell them apart.
NameLikeness Compare(const NameView& a, const NameView& b) {
  if (Before(b, a)) return Compare(b, a);
  const NameLikeness likeness = InOrder(a, b);
  const NameLikeness sound = BySound(a, b);
  return sound.permille > likeness.permille ? sound : likeness;
}

}  // namespace tributary::matching
