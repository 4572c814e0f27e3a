#include "common/scopes/scope_box.h"

#include <algorithm>
#include <iterator>
#include <string_view>
#include <utility>

#include "common/text/text.h"

namespace tributary {
namespace {

using Names = std::vector<std::string>;

void SortUnique(Names& names) {
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
}

// Leaves out what another one of `regions` (sorted, unique) holds anyway. In a circle the least name stays.
void Condense(Names& regions, const RegionTree& tree) {
  const Names all = regions;
  std::erase_if(regions, [&](const std::string& region) {
    return std::any_of(all.begin(), all.end(), [&](const std::string& other) {
      if (other == region || !tree.Within(region, other)) return false;
      return !tree.Within(other, region) || other < region;
    });
  });
}

// Of two regions one lies in the other or they share nothing; so the smaller of each pair that meets is shared.
std::optional<Names> SharedRegions(const Names& a, const Names& b, const RegionTree& tree) {
  Names shared;
  if (a.empty()) {
    shared = b;
  } else if (b.empty()) {
    shared = a;
  } else {
    std::copy_if(a.begin(), a.end(), std::back_inserter(shared),
                 [&](const std::string& region) { return tree.WithinAny(region, b); });
    std::copy_if(b.begin(), b.end(), std::back_inserter(shared),
                 [&](const std::string& region) { return tree.WithinAny(region, a); });
    if (shared.empty()) return std::nullopt;
  }
  SortUnique(shared);
  Condense(shared, tree);
  return shared;
}

std::optional<Names> SharedCodes(Names a, Names b) {
  SortUnique(a);
  SortUnique(b);
  if (a.empty()) return b;
  if (b.empty()) return a;
  Names shared;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(shared));
  if (shared.empty()) return std::nullopt;
  return shared;
}

// A long list is cut: nobody reads five hundred names in a sentence.
std::string List(const Names& names, std::string_view all) {
  constexpr size_t kMostListed = 10;
  if (names.empty()) return std::string(all);
  if (names.size() <= kMostListed) return StrJoin(names, ", ");
  return StrCat(StrJoin(Names(names.begin(), names.begin() + kMostListed), ", "), " and ", names.size() - kMostListed,
                " more");
}

}  // namespace

std::string DescribeRegions(const ScopeBox& box) { return List(box.regions, "every region"); }

std::string DescribeProductLines(const ScopeBox& box) { return List(box.product_lines, "every product line"); }

ScopeBox Normalized(ScopeBox box, const RegionTree& tree) {
  for (Names* names : {&box.regions, &box.product_lines, &box.segments, &box.routes}) SortUnique(*names);
  Condense(box.regions, tree);
  return box;
}

std::optional<ScopeBox> Intersect(const ScopeBox& a, const ScopeBox& b, const RegionTree& tree) {
  const DateRange time{std::max(a.time.start, b.time.start), std::min(a.time.end, b.time.end)};
  if (!(time.start < time.end)) return std::nullopt;
  std::optional<Names> product_lines = SharedCodes(a.product_lines, b.product_lines);
  std::optional<Names> segments = SharedCodes(a.segments, b.segments);
  std::optional<Names> routes = SharedCodes(a.routes, b.routes);
  if (!product_lines || !segments || !routes) return std::nullopt;
  std::optional<Names> regions = SharedRegions(a.regions, b.regions, tree);
  if (!regions) return std::nullopt;
  return ScopeBox{*std::move(regions), *std::move(product_lines), *std::move(segments), *std::move(routes), time};
}

std::string Describe(const ScopeBox& box) {
  return StrCat(DescribeRegions(box), "; ", DescribeProductLines(box), "; ", List(box.segments, "every segment"), "; ",
                List(box.routes, "every route"), "; ", Describe(box.time));
}

std::string Describe(const DateRange& time) {
  if (time.end >= OpenEnd()) return StrCat("from ", time.start.ToString(), " on");
  return StrCat("from ", time.start.ToString(), " until before ", time.end.ToString());
}

}  // namespace tributary
