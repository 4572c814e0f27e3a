#include "conflict-service/scopes/box.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/strings/str_split.h"
#include "common/status/status.h"
#include "common/text/text.h"

namespace tributary::conflict {
namespace {

using Names = std::vector<std::string>;

template <typename Operation>
Names Merge(const Names& a, const Names& b, Operation operation) {
  Names merged;
  operation(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(merged));
  return merged;
}
Names Union(const Names& a, const Names& b) {
  return Merge(a, b, [](auto... range) { return std::set_union(range...); });
}
Names Shared(const Names& a, const Names& b) {
  return Merge(a, b, [](auto... range) { return std::set_intersection(range...); });
}
Names Without(const Names& a, const Names& b) {
  return Merge(a, b, [](auto... range) { return std::set_difference(range...); });
}

NameSet Complement(NameSet set) {
  set.all_but = !set.all_but;
  return set;
}

DateRange Intersect(const DateRange& a, const DateRange& b) {
  return {std::max(a.start, b.start), std::min(a.end, b.end)};
}

// "=" or "!", then the names: neither names nor codes hold a space.
std::string Write(const NameSet& set) {
  std::string text = set.all_but ? "!" : "=";
  for (const std::string& name : set.names) StrAppend(&text, " ", name);
  return text;
}

absl::StatusOr<NameSet> ReadNames(const std::string& text) {
  Names words = absl::StrSplit(text, ' ');
  if (words.front() != "=" && words.front() != "!") return InvalidField("", text, "= or ! before the names");
  return NameSet{words.front() == "!", Names(words.begin() + 1, words.end())};
}

}  // namespace

NameSet NameSet::Of(Names names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return {false, std::move(names)};
}

NameSet Intersect(const NameSet& a, const NameSet& b) {
  if (a.all_but && b.all_but) return {true, Union(a.names, b.names)};
  if (a.all_but) return {false, Without(b.names, a.names)};
  if (b.all_but) return {false, Without(a.names, b.names)};
  return {false, Shared(a.names, b.names)};
}

NameSet Minus(const NameSet& a, const NameSet& b) { return Intersect(a, Complement(b)); }

bool Box::empty() const {
  return product_lines.empty() || regions.empty() || routes.empty() || !(time.start < time.end);
}

std::optional<Box> Intersect(const Box& a, const Box& b) {
  Box shared{Intersect(a.product_lines, b.product_lines), Intersect(a.regions, b.regions),
             Intersect(a.routes, b.routes), Intersect(a.time, b.time)};
  if (shared.empty()) return std::nullopt;
  return shared;
}

std::vector<Remainder> Minus(const Box& a, const Box& b) {
  std::vector<Remainder> left;
  const std::optional<Box> shared = Intersect(a, b);
  if (!shared) {
    if (!a.empty()) left.push_back({a, false});
    return left;
  }
  const auto keep = [&left](Box box, bool waitlisted) {
    if (!box.empty()) left.push_back({std::move(box), waitlisted});
  };
  Box rest = a;
  rest.product_lines = Minus(a.product_lines, b.product_lines);
  keep(rest, false);
  rest.product_lines = shared->product_lines;
  rest.regions = Minus(a.regions, b.regions);
  keep(rest, false);
  rest.regions = shared->regions;
  rest.routes = Minus(a.routes, b.routes);
  keep(rest, false);
  rest.routes = shared->routes;
  rest.time = {a.time.start, shared->time.start};
  keep(rest, true);
  rest.time = {shared->time.end, a.time.end};
  keep(rest, true);
  return left;
}

std::vector<Remainder> Minus(const Box& a, const std::vector<Box>& taken) {
  std::vector<Remainder> left;
  if (!a.empty()) left.push_back({a, false});
  for (const Box& one : taken) {
    std::vector<Remainder> next;
    for (const Remainder& part : left) {
      for (Remainder& piece : Minus(part.box, one)) {
        piece.waitlisted |= part.waitlisted;
        next.push_back(std::move(piece));
      }
    }
    left = std::move(next);
  }
  return left;
}

int64_t CellsOf(const Box& box) {
  if (box.empty()) return 0;
  if (box.product_lines.all_but || box.regions.all_but || box.routes.all_but) return -1;
  return static_cast<int64_t>(box.product_lines.names.size()) * static_cast<int64_t>(box.regions.names.size()) *
         static_cast<int64_t>(box.routes.names.size()) * (box.time.end.days() - box.time.start.days());
}

std::string Write(const Box& box) {
  return StrCat(Write(box.product_lines), "\t", Write(box.regions), "\t", Write(box.routes), "\t",
                box.time.start.ToString(), "\t", box.time.end.ToString());
}

absl::StatusOr<Box> ReadBox(std::string_view line) {
  const Names parts = absl::StrSplit(Abseil(line), '\t');
  if (parts.size() != 5) return InvalidField("", line, "a box of five parts");
  Box box;
  ASSIGN_OR_RETURN(box.product_lines, ReadNames(parts[0]));
  ASSIGN_OR_RETURN(box.regions, ReadNames(parts[1]));
  ASSIGN_OR_RETURN(box.routes, ReadNames(parts[2]));
  ASSIGN_OR_RETURN(box.time.start, Date::Parse(parts[3]));
  ASSIGN_OR_RETURN(box.time.end, Date::Parse(parts[4]));
  return box;
}

std::string Write(const std::vector<Box>& boxes) {
  std::string lines;
  for (const Box& box : boxes) lines += Write(box) + "\n";
  return lines;
}

absl::StatusOr<std::vector<Box>> ReadBoxes(std::string_view lines) {
  std::vector<Box> boxes;
  for (const absl::string_view line : absl::StrSplit(Abseil(lines), '\n', absl::SkipEmpty())) {
    ASSIGN_OR_RETURN(Box box, ReadBox(Std(line)));
    boxes.push_back(std::move(box));
  }
  return boxes;
}

}  // namespace tributary::conflict
