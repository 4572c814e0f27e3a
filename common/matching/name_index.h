#pragma once

// Names in memory, found by likeness: the same Compare as anywhere else, of those names alone that may be alike. A name
// is offered where
//   - with its legal form or without, it differs by two slips (one letter too many, missing, wrong, or two swapped)
//   from what is asked for: one of its
//     three or four pieces is then whole, and stands nearly where it should (Li, Deng, Wang, Feng 2011: PASS-JOIN);
//     names of up to six letters by one slip; transliterations likewise;
//   - it shares a word that few names have;
//   - it is short and Chinese, and its characters stand in what is asked for in order, or the other way round.
// What nobody finds so (two names that share only words of thousands of names, with more than two slips) is not
// offered; nor is, where very many share a word or are short, who is not among the most promising, unless all are
// wanted.

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/matching/name_likeness.h"
#include "common/matching/name_parts.h"
#include "common/matching/postings.h"

namespace tributary::matching {

struct NameHit {
  uint64_t id = 0;
  NameLikeness likeness;

  friend bool operator==(const NameHit&, const NameHit&) = default;
};

// Many readers or one writer at a time.
class NameIndex {
 public:
  // `id` may have several names.
  void Insert(uint64_t id, const NameParts& name);
  // All names of it. Their memory is used again once half of all are gone.
  void Erase(uint64_t id);
  // The ids with a name at least so alike, the likest first, then by id; each once, with its likest name. Of very many
  // that share its words, or short names that it is, the most promising are looked at, whatever `most` is.
  std::vector<NameHit> Find(const NameParts& name, int least_permille, size_t most) const;
  // All of them, where closer names must crowd nobody out: looks also at every name that shares more than half of what
  // its words tell (in percent of a name of one's own), and at every short name, however many there are. Takes as long
  // as they are many.
  std::vector<NameHit> FindAll(const NameParts& name, int least_permille) const;

  size_t size() const { return alive_; }  // names
  size_t bytes() const;

 private:
  static constexpr uint32_t kNone = UINT32_MAX;
  struct Entry {
    uint64_t id = 0;
    uint32_t text = 0, words = 0;  // where they begin
    uint32_t before = kNone;       // another name of this id
    uint8_t text_size = 0, whole_size = 0, latin_size = 0, word_count = 0;
    bool spaceless = false;
    bool alive = true;
  };
  class Probe;

  std::vector<NameHit> Find(const NameParts& name, int least_permille, size_t most, bool all) const;
  NameView View(const Entry& entry) const;
  void Add(uint64_t id, const NameView& name);
  void Compact();

  std::vector<Entry> entries_;
  std::vector<char16_t> texts_;  // of each entry its text, the whole, and what it is in Latin letters
  std::vector<NameWord> words_;
  absl::flat_hash_map<uint64_t, uint32_t> last_of_;  // of an id, the name that came last
  size_t alive_ = 0;
  Postings pieces_, shared_words_, characters_, beginnings_;
};

}  // namespace tributary::matching
