#include "common/matching/name_index.h"

#include <algorithm>
#include <bit>
#include <cstdlib>
#include <functional>
#include <unordered_set>
#include <utility>

#include "common/matching/edit_distance.h"
#include "common/matching/folding.h"

namespace tributary::matching {
namespace {

constexpr int kSlips = 2;
// What is looked at for one question, at most, unless all is wanted.
constexpr size_t kMostOfAWord = 2000, kMostByWords = 48, kMostByCharacters = 256;
constexpr size_t kShortName = 4;        // up to so many characters
constexpr size_t kMostCharacters = 16;  // in which characters of scripts without spaces are looked for

uint32_t BitOf(char16_t c) { return uint32_t{1} << (c * 0x9e3779b1U >> 27); }

// Whether each letter (hashed) occurs an odd number of times: a slip changes two bits at most, and others change many.
uint32_t ParitiesOf(std::u16string_view text) {
  uint32_t parities = 0;
  for (const char16_t c : text) parities ^= BitOf(c);
  return parities;
}
// Which letters occur: nearly all of a part are in the whole.
uint32_t LettersOf(std::u16string_view text) {
  uint32_t letters = 0;
  for (const char16_t c : text) letters |= BitOf(c);
  return letters;
}

uint32_t Mixed(uint32_t hash, uint32_t with) {
  hash = (hash ^ with) * 0x85ebca6bU;
  return hash ^ (hash >> 15);
}

struct Piece {
  size_t begin, size;
};
size_t PiecesOf(size_t length) { return length <= 1 ? length : length <= 6 ? 2 : length <= 11 ? 3 : 4; }
Piece PieceAt(size_t length, size_t i) {
  const size_t pieces = PiecesOf(length), begin = length * i / pieces;
  return {begin, length * (i + 1) / pieces - begin};
}
uint32_t PieceKey(size_t length, size_t i, std::u16string_view piece) {
  return Mixed(HashOf(piece), static_cast<uint32_t>(length * 4 + i + 1));
}

uint32_t PairKey(char16_t first, char16_t second) { return Mixed(uint32_t{first} << 16 | second, 7); }

bool TellsEnough(const NameWord& word) { return word.weight > 15 && word.length >= 2; }

bool StandsIn(std::u16string_view less, std::u16string_view more) {
  size_t at = 0;
  for (const char16_t c : less) {
    at = more.find(c, at);
    if (at == std::u16string_view::npos) return false;
    ++at;
  }
  return true;
}

}  // namespace

// One question.
class NameIndex::Probe {
 public:
  Probe(const NameIndex& index, const NameView& name, int least_permille, bool all)
      : index_(index), name_(name), least_(least_permille), all_(all) {}

  std::vector<NameHit> Run() {
    for (const std::u16string_view text : {name_.text, name_.whole, name_.latin}) {
      if (!text.empty()) ByPieces(text);
    }
    ByWords();
    if (all_) ByMostOfItsWords();
    if (name_.spaceless) ByCharacters();
    std::sort(candidates_.begin(), candidates_.end());
    candidates_.erase(std::unique(candidates_.begin(), candidates_.end()), candidates_.end());
    for (const uint32_t number : candidates_) {
      const NameView view = index_.View(index_.entries_[number]);
      __builtin_prefetch(view.text.data());
      __builtin_prefetch(view.words.data());
    }
    std::vector<NameHit> hits;
    for (const uint32_t number : candidates_) {
      const Entry& entry = index_.entries_[number];
      if (!entry.alive) continue;
      const NameLikeness likeness = Compare(name_, index_.View(entry));
      if (likeness.permille >= least_) hits.push_back({entry.id, likeness});
    }
    return hits;
  }

 private:
  // In steps, each of which asks memory for what the next one looks at: nearly all of this is waiting for it.
  void ByPieces(std::u16string_view text) {
    asked_.clear();
    const auto length = static_cast<ptrdiff_t>(text.size());
    for (ptrdiff_t other = std::max<ptrdiff_t>(1, length - kSlips); other <= length + kSlips; ++other) {
      const ptrdiff_t shift = length - other;
      // A letter too many or missing changes one bit, a wrong one two: where lengths differ, some slips are of one.
      const int bits = 2 * kSlips - static_cast<int>(std::abs(shift));
      for (size_t i = 0; i < PiecesOf(static_cast<size_t>(other)); ++i) {
        const Piece piece = PieceAt(static_cast<size_t>(other), i);
        const auto begin = static_cast<ptrdiff_t>(piece.begin), size = static_cast<ptrdiff_t>(piece.size);
        const ptrdiff_t from = std::max<ptrdiff_t>({0, begin - kSlips, begin + shift - kSlips});
        const ptrdiff_t to = std::min({length - size, begin + kSlips, begin + shift + kSlips});
        for (ptrdiff_t at = from; at <= to; ++at) {
          const std::u16string_view here = text.substr(static_cast<size_t>(at), piece.size);
          asked_.push_back({.key = PieceKey(static_cast<size_t>(other), i, here), .bits = bits});
          index_.pieces_.Prefetch(asked_.back().key);
        }
      }
    }
    for (Asked& asked : asked_) {
      asked.list = index_.pieces_.Of(asked.key);
      if (!asked.list.empty()) __builtin_prefetch(asked.list.data());
    }
    const uint32_t parities = ParitiesOf(text);
    for (const Asked& asked : asked_) {
      for (const Posting& posting : asked.list) {
        if (std::popcount(posting.signature ^ parities) <= asked.bits) near_.push_back(posting.entry);
      }
    }
    std::sort(near_.begin(), near_.end());
    near_.erase(std::unique(near_.begin(), near_.end()), near_.end());
    for (const uint32_t number : near_) __builtin_prefetch(&index_.entries_[number]);
    for (const uint32_t number : near_) __builtin_prefetch(index_.View(index_.entries_[number]).text.data());
    for (const uint32_t number : near_) {
      const NameView view = index_.View(index_.entries_[number]);
      for (const std::u16string_view other : {view.text, view.whole, view.latin}) {
        if (other.empty() || !WithinSlips(text, other, kSlips)) continue;
        candidates_.push_back(number);
        break;
      }
    }
    near_.clear();
  }

  // By the words that the fewest have, until there are many.
  void ByWords() {
    std::vector<std::pair<std::span<const Posting>, int>> lists;
    for (const NameWord& word : name_.words) {
      if (TellsEnough(word)) lists.emplace_back(index_.shared_words_.Of(word.hash), word.weight);
    }
    std::sort(lists.begin(), lists.end(), [](const auto& x, const auto& y) { return x.first.size() < y.first.size(); });
    const uint32_t letters = LettersOf(name_.text);
    std::vector<std::pair<uint32_t, int>> found;  // an entry, and what speaks for it; by entry
    size_t seen = 0;
    for (const auto& [list, weight] : lists) {
      seen += list.size();
      if (seen > kMostOfAWord) break;
      const auto before = static_cast<ptrdiff_t>(found.size());
      for (const Posting& posting : list) {
        // What the one has and the other has not: one of them holds nearly all of the other.
        const int more = std::popcount(posting.signature & ~letters),
                  less = std::popcount(letters & ~posting.signature);
        if (std::min(more, less) <= 3)
          found.emplace_back(posting.entry, weight * 4 - 8 * std::min(more, less) - 3 * std::max(more, less));
      }
      // A list is in the order of its entries.
      std::inplace_merge(found.begin(), found.begin() + before, found.end(),
                         [](const auto& x, const auto& y) { return x.first < y.first; });
    }
    std::vector<std::pair<int, uint32_t>> ranked;
    for (const auto& [entry, weight] : found) {
      if (!ranked.empty() && ranked.back().second == entry) {
        ranked.back().first -= weight;
      } else {
        ranked.emplace_back(-weight, entry);
      }
    }
    // The best, without a look at all the others. What is gone takes nobody's place.
    std::make_heap(ranked.begin(), ranked.end(), std::greater<>());
    for (size_t taken = 0; taken < kMostByWords && !ranked.empty(); ranked.pop_back()) {
      std::pop_heap(ranked.begin(), ranked.end(), std::greater<>());
      if (!index_.entries_[ranked.back().second].alive) continue;
      candidates_.push_back(ranked.back().second);
      ++taken;
    }
  }

  // All that share more than half of what its words tell. Who is the same by words that both write alike shares more.
  // The words that most names have, as long as they tell no more than half together, bring nobody who has none of the
  // others; they count where one of those is shared.
  void ByMostOfItsWords() {
    std::vector<std::pair<std::span<const Posting>, int>> lists;
    int telling = 0;
    for (const NameWord& word : name_.words) {
      if (!TellsEnough(word)) continue;
      telling += word.weight;
      lists.emplace_back(index_.shared_words_.Of(word.hash), word.weight);
    }
    std::sort(lists.begin(), lists.end(), [](const auto& x, const auto& y) { return x.first.size() < y.first.size(); });
    std::vector<std::pair<uint32_t, int>> found;  // an entry, and the weight of a word that it has; by entry
    size_t i = 0;
    for (int left = telling; 2 * left > telling; left -= lists[i++].second) {
      const auto before = static_cast<ptrdiff_t>(found.size());
      for (const Posting& posting : lists[i].first) found.emplace_back(posting.entry, lists[i].second);
      std::inplace_merge(found.begin(), found.begin() + before, found.end(),
                         [](const auto& x, const auto& y) { return x.first < y.first; });
    }
    size_t entries = 0;
    for (const auto& [entry, weight] : found) {
      if (entries > 0 && found[entries - 1].first == entry) {
        found[entries - 1].second += weight;
      } else {
        found[entries++] = {entry, weight};
      }
    }
    found.resize(entries);
    for (; i < lists.size(); ++i) {
      std::span<const Posting> rest = lists[i].first;
      for (auto& [entry, shared] : found) {
        rest = From(entry, rest);
        if (!rest.empty() && rest.front().entry == entry) shared += lists[i].second;
      }
    }
    for (const auto& [entry, shared] : found) {
      if (2 * shared > telling) candidates_.push_back(entry);
    }
  }
  // What of the list is not before the entry, which is mostly near its beginning.
  static std::span<const Posting> From(uint32_t entry, std::span<const Posting> list) {
    size_t step = 1;
    while (step < list.size() && list[step].entry < entry) {
      list = list.subspan(step);
      step *= 2;
    }
    const auto near = list.first(std::min(step, list.size()));
    const auto at =
        std::partition_point(near.begin(), near.end(), [&](const Posting& posting) { return posting.entry < entry; });
    return list.subspan(static_cast<size_t>(at - near.begin()));
  }

  void ByCharacters() {
    const std::u16string_view text = name_.text.substr(0, kMostCharacters);
    // Short names in it.
    for (size_t i = 0; i < text.size(); ++i) {
      for (size_t j = i + 1; j < text.size(); ++j) {
        for (const Posting& posting : index_.beginnings_.Of(PairKey(text[i], text[j]))) near_.push_back(posting.entry);
      }
    }
    // What it is a short name of: those that have the two characters that the fewest have.
    if (text.size() <= kShortName) {
      std::vector<std::span<const Posting>> lists;
      for (const char16_t c : text) lists.push_back(index_.characters_.Of(c));
      std::sort(lists.begin(), lists.end(), [](auto x, auto y) { return x.size() < y.size(); });
      if (lists.size() > 1) {
        std::set_intersection(lists[0].begin(), lists[0].end(), lists[1].begin(), lists[1].end(), Sink{&near_},
                              [](const Posting& x, const Posting& y) { return x.entry < y.entry; });
      }
    }
    std::sort(near_.begin(), near_.end());
    near_.erase(std::unique(near_.begin(), near_.end()), near_.end());
    std::vector<std::pair<int, uint32_t>> ranked;
    for (const uint32_t number : near_) {
      if (!index_.entries_[number].alive) continue;
      const std::u16string_view other = index_.View(index_.entries_[number]).text;
      const bool shorter = text.size() <= other.size();
      if (!StandsIn(shorter ? text : other, shorter ? other : name_.text)) continue;
      // Those that begin alike come first, then those of nearly its length.
      const int apart = static_cast<int>(shorter ? other.size() - text.size() : text.size() - other.size());
      ranked.emplace_back(apart + (text[0] == other[0] ? 0 : 100), number);
    }
    near_.clear();
    Take(std::move(ranked), all_ ? SIZE_MAX : kMostByCharacters);
  }

  // What std::set_intersection writes to.
  struct Sink {
    using iterator_category = std::output_iterator_tag;
    using value_type = void;
    using difference_type = ptrdiff_t;
    using pointer = void;
    using reference = void;
    std::vector<uint32_t>* entries;
    Sink& operator*() { return *this; }
    Sink& operator++() { return *this; }
    Sink operator++(int) { return *this; }
    Sink& operator=(const Posting& posting) {
      entries->push_back(posting.entry);
      return *this;
    }
  };

  void Take(std::vector<std::pair<int, uint32_t>> ranked, size_t most) {
    if (ranked.size() > most) {
      std::nth_element(ranked.begin(), ranked.begin() + static_cast<ptrdiff_t>(most), ranked.end());
      ranked.resize(most);
    }
    for (const auto& [rank, entry] : ranked) candidates_.push_back(entry);
  }

  const NameIndex& index_;
  const NameView name_;
  const int least_;
  const bool all_;
  struct Asked {
    uint32_t key = 0;
    int bits = 0;  // of the signatures that may differ
    std::span<const Posting> list;
  };
  std::vector<Asked> asked_;
  std::vector<uint32_t> near_, candidates_;
};

NameView NameIndex::View(const Entry& entry) const {
  const char16_t* const text = texts_.data() + entry.text;
  const char16_t* const whole = text + entry.text_size;
  return {.text = {text, entry.text_size},
          .words = {words_.data() + entry.words, entry.word_count},
          .whole = {whole, entry.whole_size},
          .latin = {whole + entry.whole_size, entry.latin_size},
          .spaceless = entry.spaceless};
}

void NameIndex::Add(uint64_t id, const NameView& name) {
  const auto number = static_cast<uint32_t>(entries_.size());
  const auto [last, first_of_id] = last_of_.try_emplace(id, kNone);
  entries_.push_back({.id = id,
                      .text = static_cast<uint32_t>(texts_.size()),
                      .words = static_cast<uint32_t>(words_.size()),
                      .before = std::exchange(last->second, number),
                      .text_size = static_cast<uint8_t>(name.text.size()),
                      .whole_size = static_cast<uint8_t>(name.whole.size()),
                      .latin_size = static_cast<uint8_t>(name.latin.size()),
                      .word_count = static_cast<uint8_t>(name.words.size()),
                      .spaceless = name.spaceless});
  for (const std::u16string_view text : {name.text, name.whole, name.latin}) {
    texts_.insert(texts_.end(), text.begin(), text.end());
  }
  words_.insert(words_.end(), name.words.begin(), name.words.end());
  ++alive_;

  const auto add_pieces = [&](std::u16string_view text) {
    const uint32_t parities = ParitiesOf(text);
    for (size_t i = 0; i < PiecesOf(text.size()); ++i) {
      const Piece piece = PieceAt(text.size(), i);
      pieces_.Add(PieceKey(text.size(), i, text.substr(piece.begin, piece.size)), {number, parities});
    }
  };
  for (const std::u16string_view text : {name.text, name.whole, name.latin}) add_pieces(text);
  const uint32_t letters = LettersOf(name.text);
  for (size_t i = 0; i < name.words.size(); ++i) {
    const NameWord& word = name.words[i];
    const auto before = name.words.first(i);
    const auto same = [&](const NameWord& other) { return other.hash == word.hash; };
    if (TellsEnough(word) && std::none_of(before.begin(), before.end(), same)) {
      shared_words_.Add(word.hash, {number, letters});
    }
  }
  if (!name.spaceless) return;
  const std::u16string_view text = name.text.substr(0, kMostCharacters);
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.find(text[i]) == i) characters_.Add(text[i], {number, 0});
  }
  if (text.size() >= 2 && text.size() <= kShortName) beginnings_.Add(PairKey(text[0], text[1]), {number, 0});
}

void NameIndex::Insert(uint64_t id, const NameParts& name) {
  if (!name.view().text.empty()) Add(id, name.view());
}

void NameIndex::Erase(uint64_t id) {
  const auto found = last_of_.find(id);
  if (found == last_of_.end()) return;
  for (uint32_t number = found->second; number != kNone; number = entries_[number].before) {
    Entry& gone = entries_[number];
    gone.alive = false;
    // Nothing of it stays in memory until that is used again.
    std::fill_n(texts_.begin() + gone.text, gone.text_size + gone.whole_size + gone.latin_size, u'\0');
    --alive_;
  }
  last_of_.erase(found);
  if (entries_.size() > 1000 && alive_ < entries_.size() / 2) Compact();
}

void NameIndex::Compact() {
  NameIndex kept;
  for (const Entry& entry : entries_) {
    if (entry.alive) kept.Add(entry.id, View(entry));
  }
  *this = std::move(kept);
}

std::vector<NameHit> NameIndex::Find(const NameParts& name, int least_permille, size_t most) const {
  return Find(name, least_permille, most, /*all=*/false);
}

std::vector<NameHit> NameIndex::FindAll(const NameParts& name, int least_permille) const {
  return Find(name, least_permille, SIZE_MAX, /*all=*/true);
}

std::vector<NameHit> NameIndex::Find(const NameParts& name, int least_permille, size_t most, bool all) const {
  if (name.view().text.empty()) return {};
  std::vector<NameHit> hits = Probe(*this, name.view(), least_permille, all).Run();
  const auto better = [](const NameHit& x, const NameHit& y) {
    if (x.likeness.permille != y.likeness.permille) return x.likeness.permille > y.likeness.permille;
    if (x.id != y.id) return x.id < y.id;
    return x.likeness.rule < y.likeness.rule;
  };
  std::sort(hits.begin(), hits.end(), better);
  // Each id once, where it is likest.
  std::vector<NameHit> once;
  std::unordered_set<uint64_t> ids;
  for (const NameHit& hit : hits) {
    if (once.size() == most) break;
    if (ids.insert(hit.id).second) once.push_back(hit);
  }
  return once;
}

size_t NameIndex::bytes() const {
  constexpr size_t kOfAnId = sizeof(std::pair<uint64_t, uint32_t>) + 1;
  return entries_.capacity() * sizeof(Entry) + texts_.capacity() * sizeof(char16_t) +
         words_.capacity() * sizeof(NameWord) + last_of_.capacity() * kOfAnId + pieces_.bytes() +
         shared_words_.bytes() + characters_.bytes() + beginnings_.bytes();
}

}  // namespace tributary::matching
