#pragma once

// Lists of what was seen under a key, each list in one piece of memory, growing as it goes.

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace tributary::matching {

struct Posting {
  uint32_t entry = 0;
  uint32_t signature = 0;  // what tells without looking the entry up that it is another
};

// 16 bytes a key and 8 a posting, both over how full they are: tables at most three quarters, lists more than half;
// what a list leaves when it grows is used again. Many readers or one writer at a time.
class Postings {
 public:
  Postings() : slots_(16) {}

  void Add(uint32_t key, Posting posting);
  // In the order of adding; valid until the next Add.
  std::span<const Posting> Of(uint32_t key) const {
    const Slot& slot = slots_[Find(key)];
    return {postings_.data() + slot.begin, slot.count};
  }
  // Asks memory for what Of(key) will look at first, so that many are fetched at once.
  void Prefetch(uint32_t key) const { __builtin_prefetch(&slots_[Home(key)]); }
  size_t bytes() const;

 private:
  struct Slot {
    uint32_t key = 0;
    uint32_t count = 0;  // 0: nothing is here
    uint32_t begin = 0;
    uint32_t size = 0;  // room for 2^size
  };

  // Keys are hashes, but their low bits are not always well mixed.
  size_t Home(uint32_t key) const { return (key * 0x9e3779b97f4a7c15ULL >> 32) & (slots_.size() - 1); }
  size_t Find(uint32_t key) const;
  void Grow();
  uint32_t Room(uint32_t size);

  std::vector<Slot> slots_;
  size_t keys_ = 0;
  std::vector<Posting> postings_;
  std::array<std::vector<uint32_t>, 32> left_;  // by size, where lists were
};

}  // namespace tributary::matching
