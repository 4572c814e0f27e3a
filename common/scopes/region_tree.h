#pragma once

#include <functional>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace tributary {

// A path of parents is followed so far and no farther; no scheme of regions is as deep.
inline constexpr int kDeepestRegion = 64;

// The regions that `region` lies in, nearest first: its parent, the parent's parent and so on. `parent_of` answers
// empty at a root and for a region that is not known (yet). A circle ends where it closes, so that bad data has a
// defined meaning too.
std::vector<std::string> AncestorsOf(const std::string& region,
                                     const std::function<std::string(const std::string&)>& parent_of);

// What is known of the hierarchy, as far as a question needs it: for each region the ones that it lies in. A region
// without an entry lies in itself alone.
class RegionTree {
 public:
  RegionTree() = default;
  // From child to parent, every region once.
  static RegionTree FromParents(const std::map<std::string, std::string>& parents);

  void AddAncestor(const std::string& region, const std::string& ancestor) { ancestors_[region].insert(ancestor); }

  // Whether `region` is `of` or lies in it.
  bool Within(const std::string& region, const std::string& of) const;
  // Whether `region` lies in any of `of` (or is one of them).
  bool WithinAny(const std::string& region, const std::vector<std::string>& of) const;
  // Without the region itself.
  const std::set<std::string>& Ancestors(const std::string& region) const;

 private:
  std::map<std::string, std::set<std::string>> ancestors_;
};

}  // namespace tributary
