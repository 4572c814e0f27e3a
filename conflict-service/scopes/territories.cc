#include "conflict-service/scopes/territories.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <string>
#include <thread>
#include <tuple>
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

Territories::Rows<Territories::Entry> Territories::Sorted(size_t regions,
                                                          const std::vector<std::pair<uint32_t, Entry>>& entries) {
  Rows<Entry> rows;
  rows.ends.assign(regions, 0);
  for (const auto& [region, entry] : entries) ++rows.ends[region];
  size_t end = 0;
  std::vector<size_t> next(regions);
  for (size_t region = 0; region < regions; ++region) {
    next[region] = end;
    end += rows.ends[region];
    rows.ends[region] = end;
  }
  rows.all.resize(entries.size());
  for (const auto& [region, entry] : entries) rows.all[next[region]++] = entry;
  for (size_t region = 0, begin = 0; region < regions; begin = rows.ends[region++]) {
    std::sort(rows.all.begin() + static_cast<ptrdiff_t>(begin),
              rows.all.begin() + static_cast<ptrdiff_t>(rows.ends[region]), [](const Entry& x, const Entry& y) {
                return std::tie(x.line, x.start, x.scope) < std::tie(y.line, y.start, y.scope);
              });
  }
  return rows;
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

  std::vector<std::pair<uint32_t, Entry>> naming, inside;
  std::vector<uint32_t> above;
  for (uint32_t number = 0; number < scopes.size(); ++number) {
    const DateRange& time = scopes[number]->time;
    if (!(time.start < time.end)) continue;
    above.clear();
    for (const uint32_t region : regions_[number]) {
      const std::span<const uint32_t> over = above_[region];
      above.insert(above.end(), over.begin(), over.end());
    }
    SortRow(&above);
    const bool several = regions_[number].size() > 1 || lines_[number].size() > 1;
    for (const uint32_t line : lines_[number]) {
      const Entry entry{line,   time.start.days(), time.end.days(), number, owners.empty() ? number : owners[number],
                        several};
      for (const uint32_t region : regions_[number]) naming.emplace_back(region, entry);
      for (const uint32_t region : above) inside.emplace_back(region, entry);
    }
  }
  naming_ = Sorted(names.size(), naming);
  inside_ = Sorted(names.size(), inside);
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
    const Entries naming = all_.naming_[region], inside = all_.inside_[region];
    const Entries every = OfLine(naming, kEveryLine), every_inside = OfLine(inside, kEveryLine);
    for (Entries rest = naming; !rest.empty();) {
      const Entries line = FirstLine(rest);
      rest = rest.subspan(line.size());
      PairWithin(line);
      if (line.front().line == kEveryLine) continue;
      PairAcross(every, line, /*second_is_inside=*/false);
      PairAcross(line, OfLine(inside, line.front().line), true);
      PairAcross(line, every_inside, true);
    }
    if (every.empty()) return;
    for (Entries rest = inside; !rest.empty();) {
      const Entries line = FirstLine(rest);
      rest = rest.subspan(line.size());
      PairAcross(every, line, true);
    }
  }

 private:
  // What begins the list, which is short mostly, and looked at next.
  static Entries FirstLine(Entries entries) {
    size_t end = 1;
    while (end < entries.size() && entries[end].line == entries.front().line) ++end;
    return entries.first(end);
  }
  static Entries OfLine(Entries entries, uint32_t line) {
    const auto begin =
        std::partition_point(entries.begin(), entries.end(), [line](const Entry& entry) { return entry.line < line; });
    const auto end =
        std::partition_point(begin, entries.end(), [line](const Entry& entry) { return entry.line == line; });
    return entries.subspan(static_cast<size_t>(begin - entries.begin()), static_cast<size_t>(end - begin));
  }

  // All of a list are in order of their first days.
  void PairWithin(Entries list) {
    for (size_t i = 0; i < list.size(); ++i) {
      for (size_t k = i + 1; k < list.size() && list[k].start < list[i].end; ++k) Tell(list[i], list[k], false);
    }
  }
  void PairAcross(Entries x, Entries y, bool second_is_inside) {
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
    overlaps_[told_] = {std::min(x.scope, y.scope), std::max(x.scope, y.scope), std::max(x.start, y.start),
                        std::min(x.end, y.end)};
    told_ += x.owner != y.owner ? 1 : 0;
  }
  bool MeetHereFirst(const Entry& x, const Entry& y, bool second_is_inside) const {
    const bool in_order = x.scope < y.scope;
    const Entry &a = in_order ? x : y, &b = in_order ? y : x;
    const How how = !second_is_inside ? How::kBothNameIt : in_order ? How::kLaterLiesInIt : How::kEarlierLiesInIt;
    return Meeting{region_, how, a.line, b.line} == all_.FirstMeeting(a.scope, b.scope);
  }
  void Flush() {
    if (told_ > 0) visit_(thread_, {overlaps_.data(), told_});
    told_ = 0;
  }

  const Territories& all_;
  const int thread_;
  const Visitor visit_;
  uint32_t region_ = 0;
  static constexpr size_t kAtOnce = 512;  // 8 KB, which stay in the nearest cache
  std::array<Overlap, kAtOnce> overlaps_;
  size_t told_ = 0;
};

void Territories::Pairs(int threads, Visitor visit) const {
  constexpr size_t kAtOnce = 16;
  const size_t regions = naming_.ends.size();
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
  const auto of = [](const auto& rows) {
    return rows.all.capacity() * sizeof(rows.all[0]) + rows.ends.capacity() * sizeof(size_t);
  };
  return of(regions_) + of(lines_) + of(above_) + of(naming_) + of(inside_);
}

}  // namespace tributary::conflict
