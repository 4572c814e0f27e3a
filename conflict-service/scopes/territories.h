#pragma once

// Which of many scopes meet, without a look at every pair. Each region keeps the scopes that name it and, apart, those
// that name what lies in it, by product line and first day; two lists are paired by a forward scan (Bouros, Mamoulis
// 2017), which looks at no two scopes of a line and region that share no day.

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/scopes/region_tree.h"
#include "common/scopes/scope_box.h"

namespace tributary::conflict {

class Territories {
 public:
  // Scopes are called by their position. Neither they nor the tree are kept. `owners`: whose each is, by any number; of
  // nobody else's where there are none.
  Territories(const std::vector<const ScopeBox*>& scopes, const RegionTree& tree,
              const std::vector<uint32_t>& owners = {});

  // Two scopes, the first position first.
  struct Overlap {
    uint32_t a = 0, b = 0;
    int32_t start = 0, end = 0;  // the days that they share, since 1970-01-01, [start, end)
  };
  // Each two scopes of different owners that share a region (one may lie in the other), a product line and a day, once,
  // many at a time. Segments and routes are not looked at. `visit` is called by so many threads at a time, which it is
  // told by number, from 0.
  using Visitor = absl::FunctionRef<void(int thread, std::span<const Overlap> overlaps)>;
  void Pairs(int threads, Visitor visit) const;

  size_t bytes() const;

 private:
  static constexpr uint32_t kEveryLine = 0;

  // Small, since nearly all of the time they are read.
  struct Entry {
    int32_t start = 0, end = 0;  // days since 1970-01-01, [start, end)
    uint32_t scope : 31 = 0;
    uint32_t several : 1 = 0;  // the scope names more than one region or product line
    uint32_t owner = 0;
  };
  struct OfLine {
    uint32_t line = kEveryLine;
    Entry entry;
  };
  // Of one region and line, by first day and scope.
  struct List {
    uint32_t line = kEveryLine;
    std::span<const Entry> all;
  };

  // Lists one after the other in one piece of memory.
  template <typename T>
  struct Rows {
    std::vector<T> all;
    std::vector<size_t> ends;  // of each row, behind its last
    size_t Begin(size_t row) const { return row == 0 ? 0 : ends[row - 1]; }
    std::span<const T> operator[](size_t row) const { return {all.data() + Begin(row), ends[row] - Begin(row)}; }
    void EndRow() { ends.push_back(all.size()); }
    // Where `ends` holds how many each row will have: makes room for them. Answers where each begins.
    std::vector<size_t> MakeRoom();
    size_t bytes() const { return all.capacity() * sizeof(T) + ends.capacity() * sizeof(size_t); }
  };

  // Of each region its entries, line by line.
  class Lists {
   public:
    Lists() = default;
    // `ordered` by line, first day and scope; `regions_of`: of each scope those in which it is listed.
    Lists(size_t regions, const std::vector<OfLine>& ordered, const Rows<uint32_t>& regions_of);

    size_t regions() const { return entries_.ends.size(); }
    size_t CountOf(size_t region) const { return lines_[region].size(); }
    List At(size_t region, size_t i) const;  // the i-th in the order of the lines
    List Of(size_t region, uint32_t line) const;
    size_t bytes() const { return entries_.bytes() + lines_.bytes(); }

   private:
    struct Line {
      uint32_t line = kEveryLine;
      uint32_t begin = 0;  // among the region's entries
    };
    Rows<Entry> entries_;
    Rows<Line> lines_;
  };

  // How two scopes meet at a region.
  enum class How { kBothNameIt, kLaterLiesInIt, kEarlierLiesInIt };
  struct Meeting {
    uint32_t region = 0;
    How how = How::kBothNameIt;
    uint32_t line_a = 0, line_b = 0;
    friend bool operator==(const Meeting&, const Meeting&) = default;
  };
  class Scan;

  // Two scopes of several regions or product lines may meet at several of them; this is where they are told.
  Meeting FirstMeeting(uint32_t a, uint32_t b) const;

  Rows<uint32_t> regions_, lines_;  // of each scope, sorted
  Rows<uint32_t> above_;            // of each region those that are named and that it lies in, sorted
  Lists naming_, inside_;
};

}  // namespace tributary::conflict
