#include "common/scopes/region_tree.h"

#include <algorithm>

namespace tributary {

std::vector<std::string> AncestorsOf(const std::string& region,
                                     const std::function<std::string(const std::string&)>& parent_of) {
  std::vector<std::string> ancestors;
  for (std::string at = parent_of(region); !at.empty() && at != region; at = parent_of(at)) {
    if (ancestors.size() == kDeepestRegion || std::find(ancestors.begin(), ancestors.end(), at) != ancestors.end())
      break;
    ancestors.push_back(at);
  }
  return ancestors;
}

RegionTree RegionTree::FromParents(const std::map<std::string, std::string>& parents) {
  RegionTree tree;
  for (const auto& [region, parent] : parents) {
    for (const std::string& ancestor : AncestorsOf(region, [&parents](const std::string& child) {
           const auto found = parents.find(child);
           return found == parents.end() ? std::string() : found->second;
         })) {
      tree.AddAncestor(region, ancestor);
    }
  }
  return tree;
}

bool RegionTree::Within(const std::string& region, const std::string& of) const {
  return region == of || Ancestors(region).contains(of);
}

bool RegionTree::WithinAny(const std::string& region, const std::vector<std::string>& of) const {
  return std::any_of(of.begin(), of.end(), [&](const std::string& one) { return Within(region, one); });
}

const std::set<std::string>& RegionTree::Ancestors(const std::string& region) const {
  static const auto* const none = new std::set<std::string>;
  const auto found = ancestors_.find(region);
  return found == ancestors_.end() ? *none : found->second;
}

}  // namespace tributary
