#pragma once

// Channels in the database; the only SQL about them. Each call works in the caller's transaction.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/mysql/database.h"
#include "common/paging/filter.h"
#include "common/paging/page.h"
#include "partner-service/channels/channel.h"

namespace tributary::partner {

class ChannelStore {
 public:
  // What a list may be filtered by.
  static const std::vector<FilterField>& Fields();

  // NOT_FOUND where there is none.
  absl::StatusOr<Channel> Get(mysql::Transaction& sql, std::string_view id) const;
  // The same, and nobody else changes it, removes it or comes to name it until this transaction ends.
  absl::StatusOr<Channel> GetForUpdate(mysql::Transaction& sql, std::string_view id) const;
  // The channel of this name, which nobody changes or removes until this transaction ends; nullopt where there is none
  // or the name is empty. A transaction holds a parent before it locks a child.
  absl::StatusOr<std::optional<Channel>> HoldParent(mysql::Transaction& sql, std::string_view name) const;
  // Whether there is a channel of this name; held as above.
  absl::StatusOr<bool> Hold(mysql::Transaction& sql, std::string_view name) const;

  // By id, after the page's position.
  absl::StatusOr<std::vector<Channel>> List(mysql::Transaction& sql, const Page& page) const;
  // The names of the channels of a product line, by id, at most `limit`.
  absl::StatusOr<std::vector<std::string>> OfProductLine(mysql::Transaction& sql, std::string_view product_line,
                                                         int limit) const;

  // What names the channel, which the caller has locked. A TERMINATED partner's name of it does not count,
  // nor an application's that is over.
  absl::StatusOr<ChannelUse> UseOf(mysql::Transaction& sql, const Channel& channel) const;

  // ALREADY_EXISTS.
  absl::Status Create(mysql::Transaction& sql, const Channel& channel) const;
  // Stores it over the version before its own; another there makes the body run again.
  absl::Status Update(mysql::Transaction& sql, const Channel& channel) const;
  absl::Status Delete(mysql::Transaction& sql, const Channel& channel) const;
};

}  // namespace tributary::partner
