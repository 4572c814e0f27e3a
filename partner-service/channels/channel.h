#pragma once

// Channels: by which steps the goods of a product line reach their buyers. The channels of a line are trees from the
// vendor down: a parent is one level above and of the same line, so no channel lies below itself. Pure values and
// decisions.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "partner-service/documents/document.h"
#include "partner-service/revision.h"

namespace tributary::partner {

// The numbers are stored, and those of the wire.
enum class ChannelType { kDirect = 1, kIndirect = 2, kHybrid = 3 };
enum class ChannelRoute { kOnline = 1, kOffline = 2, kOmo = 3 };
enum class ChannelLevel { kVendor = 1, kDistributor = 2, kDealer = 3, kRetailer = 4 };
std::string_view NameOf(ChannelType type);
std::string_view NameOf(ChannelRoute route);
std::string_view NameOf(ChannelLevel level);

struct Channel {
  std::string id;
  Revision revision;
  std::string display_name;
  ChannelType type = ChannelType::kIndirect;
  ChannelRoute route = ChannelRoute::kOffline;
  ChannelLevel level = ChannelLevel::kVendor;
  std::string parent_channel;                    // channels/{channel}; empty at the level VENDOR alone
  std::string product_line;                      // productLines/{product_line}
  std::vector<DocumentKind> required_documents;  // of who applies to sell in it; in the order of the kinds, each once

  std::string name() const;  // channels/{id}
};

// What names a channel. The names are of one of each, empty where there is none.
struct ChannelUse {
  std::string child;        // channels/{channel}
  std::string partner;      // partners/{partner}
  std::string application;  // applications/{application}
};

// Whether the channel can stand below `parent`, which is what its parent_channel names. Refused, in this order:
//   INVALID_FIELD        the name for people has a control character; a direct channel below the vendor's level; a
//                        parent at the vendor's level, or none below it
//   REFERENCE_NOT_FOUND  the parent does not exist
//   INVALID_FIELD        the parent is not one level above, sells another product line, or is DIRECT
absl::Status CheckPlace(const Channel& channel, const std::optional<Channel>& parent);

// The content of `changed` for that of `channel`; its level and product line stay. Refused: a channel that others lie
// below cannot become DIRECT (IN_USE); CheckPlace.
absl::StatusOr<Channel> Change(const Channel& channel, const Channel& changed, const std::optional<Channel>& parent,
                               const ChannelUse& use, absl::Time now);

// Refused (IN_USE, naming each): a channel lies below it; a partner or an application names it.
absl::Status CheckUnused(const Channel& channel, const ChannelUse& use);

}  // namespace tributary::partner
