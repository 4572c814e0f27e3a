#include "common/matching/postings.h"

#include <algorithm>

namespace tributary::matching {

size_t Postings::Find(uint32_t key) const {
  size_t i = Home(key);
  while (slots_[i].count != 0 && slots_[i].key != key) i = (i + 1) & (slots_.size() - 1);
  return i;
}

void Postings::Grow() {
  std::vector<Slot> before(slots_.size() * 2);
  before.swap(slots_);
  for (const Slot& slot : before) {
    if (slot.count != 0) slots_[Find(slot.key)] = slot;
  }
}

uint32_t Postings::Room(uint32_t size) {
  if (!left_[size].empty()) {
    const uint32_t begin = left_[size].back();
    left_[size].pop_back();
    return begin;
  }
  const auto begin = static_cast<uint32_t>(postings_.size());
  postings_.resize(postings_.size() + (size_t{1} << size));
  return begin;
}

void Postings::Add(uint32_t key, Posting posting) {
  if ((keys_ + 1) * 4 > slots_.size() * 3) Grow();
  Slot& slot = slots_[Find(key)];
  if (slot.count == 0) {
    slot = {.key = key, .begin = Room(0)};
    ++keys_;
  } else if (slot.count == uint32_t{1} << slot.size) {
    const uint32_t begin = Room(slot.size + 1);
    std::copy_n(postings_.begin() + slot.begin, slot.count, postings_.begin() + begin);
    left_[slot.size].push_back(slot.begin);
    slot.begin = begin;
    ++slot.size;
  }
  postings_[slot.begin + slot.count++] = posting;
}

size_t Postings::bytes() const {
  size_t bytes = slots_.capacity() * sizeof(Slot) + postings_.capacity() * sizeof(Posting);
  for (const std::vector<uint32_t>& left : left_) bytes += left.capacity() * sizeof(uint32_t);
  return bytes;
}

}  // namespace tributary::matching
