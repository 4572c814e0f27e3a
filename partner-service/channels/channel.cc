#include "partner-service/channels/channel.h"

#include <utility>
#include <vector>

#include "common/status/status.h"
#include "common/text/text.h"
#include "partner-service/refusals/refusals.h"

namespace tributary::partner {
namespace {

absl::Status InUse(const Channel& channel, const std::vector<std::pair<std::string, std::string>>& uses) {
  ErrorDetail detail{.reason = Reason::kInUse};
  std::string message;
  for (const auto& [user, want] : uses) {
    StrAppend(&message, message.empty() ? "" : "; ", channel.name(), ": got ", user, ", want ", want);
    detail.preconditions.push_back(StrCat(channel.name(), ": ", want));
    detail.metadata.emplace_back("resource", user);
  }
  return WithDetail(InfoOf(detail.reason).code, message, detail);
}

ChannelLevel Above(ChannelLevel level) { return static_cast<ChannelLevel>(static_cast<int>(level) - 1); }

}  // namespace

std::string_view NameOf(ChannelType type) {
  switch (type) {
    case ChannelType::kDirect:
      return "DIRECT";
    case ChannelType::kIndirect:
      return "INDIRECT";
    case ChannelType::kHybrid:
      return "HYBRID";
  }
  return "TYPE_UNSPECIFIED";
}

std::string_view NameOf(ChannelRoute route) {
  switch (route) {
    case ChannelRoute::kOnline:
      return "ONLINE";
    case ChannelRoute::kOffline:
      return "OFFLINE";
    case ChannelRoute::kOmo:
      return "OMO";
  }
  return "ROUTE_UNSPECIFIED";
}

std::string_view NameOf(ChannelLevel level) {
  switch (level) {
    case ChannelLevel::kVendor:
      return "VENDOR";
    case ChannelLevel::kDistributor:
      return "DISTRIBUTOR";
    case ChannelLevel::kDealer:
      return "DEALER";
    case ChannelLevel::kRetailer:
      return "RETAILER";
  }
  return "LEVEL_UNSPECIFIED";
}

std::string Channel::name() const { return StrCat("channels/", id); }

absl::Status CheckPlace(const Channel& channel, const std::optional<Channel>& parent) {
  const bool root = channel.level == ChannelLevel::kVendor;
  std::vector<FieldViolation> violations;
  CheckOneLine("display_name", channel.display_name, &violations);
  if (channel.type == ChannelType::kDirect && !root) {
    violations.push_back({"type", "DIRECT", StrCat("INDIRECT or HYBRID at the level ", NameOf(channel.level))});
  }
  if (root && !channel.parent_channel.empty()) {
    violations.push_back({"parent_channel", channel.parent_channel, "none at the level VENDOR"});
  } else if (!root && channel.parent_channel.empty()) {
    violations.push_back({"parent_channel", "", StrCat("a channel of the level ", NameOf(Above(channel.level)))});
  }
  RETURN_IF_ERROR(AllOf(std::move(violations)));
  if (root) return absl::OkStatus();
  if (!parent.has_value()) return UnknownReference("parent_channel", channel.parent_channel, "a channel that there is");
  const std::string got =
      StrCat(parent->name(), " of ", NameOf(parent->level), ", ", NameOf(parent->type), ", ", parent->product_line);
  violations.clear();
  if (parent->level != Above(channel.level)) {
    violations.push_back({"parent_channel", got, StrCat("a channel of the level ", NameOf(Above(channel.level)))});
  }
  if (parent->product_line != channel.product_line) {
    violations.push_back({"parent_channel", got, StrCat("a channel of ", channel.product_line)});
  }
  if (parent->type == ChannelType::kDirect) {
    violations.push_back({"parent_channel", got, "a channel that is not DIRECT"});
  }
  return AllOf(std::move(violations));
}

absl::StatusOr<Channel> Change(const Channel& channel, const Channel& changed, const std::optional<Channel>& parent,
                               const ChannelUse& use, absl::Time now) {
  if (changed.type == ChannelType::kDirect && !use.child.empty()) {
    return InUse(channel, {{use.child, "no channel below a DIRECT one"}});
  }
  Channel next = channel;
  next.display_name = changed.display_name;
  next.type = changed.type;
  next.route = changed.route;
  next.parent_channel = changed.parent_channel;
  next.required_documents = changed.required_documents;
  next.revision = channel.revision.Next(now);
  RETURN_IF_ERROR(CheckPlace(next, parent));
  return next;
}

absl::Status CheckUnused(const Channel& channel, const ChannelUse& use) {
  std::vector<std::pair<std::string, std::string>> uses;
  if (!use.child.empty()) uses.emplace_back(use.child, "no channel below it");
  if (!use.partner.empty()) uses.emplace_back(use.partner, "no partner that names it");
  if (!use.application.empty()) uses.emplace_back(use.application, "no application under way that names it");
  return uses.empty() ? absl::OkStatus() : InUse(channel, uses);
}

}  // namespace tributary::partner
