#include "conflict-service/scopes/territories.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <utility>

#include "absl/container/flat_hash_map.h"

namespace tributary::conflict {
namespace {

// Numbers for names, from `first` on in the order in which they come.
class Numbers {
 public:
  explicit Numbers(uint32_t first) : next_(first) {}
  uint32_t Of(const std::string& name) {
    const auto [place, fresh] = numbers_.try_emplace(name, next_);
    if (fresh) ++next_;
    return place->second;
  }
  const absl::flat_hash_map<std::string, uint32_t>& all() const { return numbers_; }

 private:
  uint32_t next_;
  absl::flat_hash_map<std::string, uint32_t> numbers_;
};

void SortRow(std::vector<uint32_t>* row) {
  std::sort(row->begin(), row->end());
  row->erase(std::unique(row->begin(), row->end()), row->end());
}

}  // namespace

template <typename T>
std::vector<size_t> Territories::Rows<T>::MakeRoom() {
  std::vector<size_t> begins;
  begins.reserve(ends.size());
  size_t end = 0;
  for (size_t& row : ends) {
    begins.push_back(end);
    row = end += row;
  }
  all.resize(end);
  return begins;
}

Territories::Lists::Lists(size_t regions, const std::vector<OfLine>& ordered, const Rows<uint32_t>& regions_of) {
  constexpr uint32_t kNone = UINT32_MAX;
  std::vector<uint32_t> last(regions, kNone);  // line of each region
  entries_.ends.assign(regions, 0);
  lines_.ends.assign(regions, 0);
  for (const OfLine& one : ordered) {
    for (const uint32_t region : regions_of[one.entry.scope]) {
      ++entries_.ends[region];
      if (std::exchange(last[region], one.line) != one.line) ++lines_.ends[region];
    }
  }
  std::vector<size_t> next = entries_.MakeRoom(), next_line = lines_.MakeRoom();
  last.assign(regions, kNone);
  for (const OfLine& one : ordered) {
    for (const uint32_t region : regions_of[one.entry.scope]) {
      if (std::exchange(last[region], one.line) != one.line) {
        lines_.all[next_line[region]++] = {one.line, static_cast<uint32_t>(next[region] - entries_.Begin(region))};
      }
      entries_.all[next[region]++] = one.entry;
    }
  }
}

Territories::List Territories::Lists::At(size_t region, size_t i) const {
  const std::span<const Entry> all = entries_[region];
  const std::span<const Line> lines = lines_[region];
  const size_t begin = lines[i].begin, end = i + 1 < lines.size() ? lines[i + 1].begin : all.size();
  return {lines[i].line, all.subspan(begin, end - begin)};
}

Territories::List Territories::Lists::Of(size_t region, uint32_t line) const {
  const std::span<const Line> lines = lines_[region];
  const auto found =
      std::partition_point(lines.begin(), lines.end(), [line](const Line& one) { return one.line < line; });
  if (found == lines.end() || found->line != line) return {line, {}};
  return At(region, static_cast<size_t>(found - lines.begin()));
}

Territories::Territories(const std::vector<const ScopeBox*>& scopes, const RegionTree& tree,
                         const std::vector<uint32_t>& owners) {
  // A scope of every region names this one, in which all others lie.
  const std::string everywhere;
  Numbers region_numbers(0), line_numbers(kEveryLine + 1);
  region_numbers.Of(everywhere);
  std::vector<uint32_t> row;
  const auto add = [&row](Rows<uint32_t>* rows) {
    SortRow(&row);
    rows->all.insert(rows->all.end(), row.begin(), row.end());
    rows->EndRow();
    row.clear();
  };
  bool any_everywhere = false;
  for (const ScopeBox* scope : scopes) {
    for (const std::string& region : scope->regions) row.push_back(region_numbers.Of(region));
    if (scope->regions.empty()) row.push_back(0);
    any_everywhere |= scope->regions.empty();
    add(&regions_);
    for (const std::string& line : scope->product_lines) row.push_back(line_numbers.Of(line));
    if (scope->product_lines.empty()) row.push_back(kEveryLine);
    add(&lines_);
  }

  const auto& regions = region_numbers.all();
  std::vector<const std::string*> names(regions.size());
  for (const auto& [name, number] : regions) names[number] = &name;
  for (uint32_t region = 0; region < names.size(); ++region) {
    for (const std::string& ancestor : tree.Ancestors(*names[region])) {
      const auto found = regions.find(ancestor);
      if (found == regions.end()) continue;
      // Of a circle each lies in the other; one way round is enough.
      if (found->second > region && tree.Within(ancestor, *names[region])) continue;
      row.push_back(found->second);
    }
    if (any_everywhere && region != 0) row.push_back(0);
    add(&above_);
  }

  // Sorted once for all regions, each of which takes its own in this order.
  std::vector<OfLine> ordered;
  ordered.reserve(scopes.size());
  Rows<uint32_t> inside_of;  // of each scope the regions that hold one that it names
  for (uint32_t number = 0; number < scopes.size(); ++number) {
    for (const uint32_t region : regions_[number]) {
      const std::span<const uint32_t> over = above_[region];
      row.insert(row.end(), over.begin(), over.end());
    }
    add(&inside_of);
    const DateRange& time = scopes[number]->time;
    if (!(time.start < time.end)) continue;
    const bool several = regions_[number].size() > 1 || lines_[number].size() > 1;
    for (const uint32_t line : lines_[number]) {
      Entry entry{.start = time.start.days(), .end = time.end.days()};
      entry.scope = number;
      entry.several = several ? 1 : 0;
      entry.owner = owners.empty() ? number : owners[number];
      ordered.push_back({line, entry});
    }
  }
  std::sort(ordered.begin(), ordered.end(), [](const OfLine& x, const OfLine& y) {
    if (x.line != y.line) return x.line < y.line;
    return x.entry.start != y.entry.start ? x.entry.start < y.entry.start : x.entry.scope < y.entry.scope;
  });
  naming_ = Lists(names.size(), ordered, regions_);
  inside_ = Lists(names.size(), ordered, inside_of);
}

Territories::Meeting Territories::FirstMeeting(uint32_t a, uint32_t b) const {
  Meeting first;
  bool found = false;
  const auto offer = [&](uint32_t region, How how) {
    if (!found || std::pair(region, how) < std::pair(first.region, first.how)) {
      first.region = region;
      first.how = how;
    }
    found = true;
  };
  const auto is_in = [](std::span<const uint32_t> row, uint32_t number) {
    return std::binary_search(row.begin(), row.end(), number);
  };
  for (const uint32_t region_a : regions_[a]) {
    for (const uint32_t region_b : regions_[b]) {
      if (region_a == region_b) offer(region_a, How::kBothNameIt);
      if (is_in(above_[region_b], region_a)) offer(region_a, How::kLaterLiesInIt);
      if (is_in(above_[region_a], region_b)) offer(region_b, How::kEarlierLiesInIt);
    }
  }
  const std::span<const uint32_t> lines_a = lines_[a], lines_b = lines_[b];
  first.line_a = lines_a.front();
  first.line_b = lines_b.front();
  if (first.line_a == kEveryLine || first.line_b == kEveryLine) return first;
  const auto shared = std::find_if(lines_a.begin(), lines_a.end(), [&](uint32_t line) { return is_in(lines_b, line); });
  if (shared != lines_a.end()) first.line_a = first.line_b = *shared;
  return first;
}

// What one thread does with a region.
class Territories::Scan {
 public:
  Scan(const Territories& all, int thread, Visitor visit) : all_(all), thread_(thread), visit_(visit) {}
  ~Scan() { Flush(); }
  Scan(const Scan&) = delete;
  Scan& operator=(const Scan&) = delete;

  void Region(uint32_t region) {
    region_ = region;
    const Lists &naming = all_.naming_, &inside = all_.inside_;
    const List every = naming.Of(region, kEveryLine), every_inside = inside.Of(region, kEveryLine);
    for (size_t i = 0; i < naming.CountOf(region); ++i) {
      const List list = naming.At(region, i);
      PairWithin(list);
      if (list.line == kEveryLine) continue;
      PairAcross(every, list, /*second_is_inside=*/false);
      PairAcross(list, inside.Of(region, list.line), true);
      PairAcross(list, every_inside, true);
    }
    if (every.all.empty()) return;
    for (size_t i = 0; i < inside.CountOf(region); ++i) PairAcross(every, inside.At(region, i), true);
  }

 private:
  // All of a list are in order of their first days.
  void PairWithin(const List& list) {
    first_line_ = second_line_ = list.line;
    const std::span<const Entry> x = list.all;
    for (size_t i = 0; i < x.size(); ++i) {
      for (size_t k = i + 1; k < x.size() && x[k].start < x[i].end; ++k) Tell(x[i], x[k], false);
    }
  }
  void PairAcross(const List& first, const List& second, bool second_is_inside) {
    first_line_ = first.line;
    second_line_ = second.line;
    const std::span<const Entry> x = first.all, y = second.all;
    for (size_t i = 0, j = 0; i < x.size() && j < y.size();) {
      if (x[i].start <= y[j].start) {
        for (size_t k = j; k < y.size() && y[k].start < x[i].end; ++k) Tell(x[i], y[k], second_is_inside);
        ++i;
      } else {
        for (size_t k = i; k < x.size() && x[k].start < y[j].end; ++k) Tell(x[k], y[j], second_is_inside);
        ++j;
      }
    }
  }

  // Whose each is decides no branch, since owners differ nearly always but not predictably.
  void Tell(const Entry& x, const Entry& y, bool second_is_inside) {
    if ((x.several || y.several) && !MeetHereFirst(x, y, second_is_inside)) return;
    if (told_ == kAtOnce) Flush();
    const uint32_t a = x.scope, b = y.scope;
    overlaps_[told_] = {std::min(a, b), std::max(a, b), std::max(x.start, y.start), std::min(x.end, y.end)};
    told_ += x.owner != y.owner ? 1 : 0;
  }
  bool MeetHereFirst(const Entry& x, const Entry& y, bool second_is_inside) const {
    const bool in_order = x.scope < y.scope;
    const How how = !second_is_inside ? How::kBothNameIt : in_order ? How::kLaterLiesInIt : How::kEarlierLiesInIt;
    return in_order ? Meeting{region_, how, first_line_, second_line_} == all_.FirstMeeting(x.scope, y.scope)
                    : Meeting{region_, how, second_line_, first_line_} == all_.FirstMeeting(y.scope, x.scope);
  }
  void Flush() {
    if (told_ > 0) visit_(thread_, {overlaps_.data(), told_});
    told_ = 0;
  }

  const Territories& all_;
  const int thread_;
  const Visitor visit_;
  uint32_t region_ = 0, first_line_ = kEveryLine, second_line_ = kEveryLine;
  static constexpr size_t kAtOnce = 512;  // 8 KB, which stay in the nearest cache
  std::array<Overlap, kAtOnce> overlaps_;
  size_t told_ = 0;
};

void Territories::Pairs(int threads, Visitor visit) const {
  constexpr size_t kAtOnce = 16;
  const size_t regions = naming_.regions();
  std::atomic<size_t> next{0};
  const auto run = [&](int thread) {
    Scan scan(*this, thread, visit);
    for (size_t from = next.fetch_add(kAtOnce); from < regions; from = next.fetch_add(kAtOnce)) {
      for (size_t region = from; region < std::min(from + kAtOnce, regions); ++region) {
        scan.Region(static_cast<uint32_t>(region));
      }
    }
  };
  std::vector<std::jthread> others;
  for (int thread = 1; thread < threads; ++thread) others.emplace_back(run, thread);
  run(0);
}

size_t Territories::bytes() const {
  return regions_.bytes() + lines_.bytes() + above_.bytes() + naming_.bytes() + inside_.bytes();
}

}  // namespace tributary::conflict
