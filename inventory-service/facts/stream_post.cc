#include "inventory-service/facts/stream_post.h"

namespace tributary::inventory {

void Count(int rows, api::v1::BatchImportResponse group, api::v1::StreamPostResponse* reply) {
  reply->set_received(reply->received() + rows);
  reply->set_accepted(reply->accepted() + group.accepted());
  reply->set_duplicate(reply->duplicate() + group.duplicate());
  reply->set_rejected(reply->received() - reply->accepted() - reply->duplicate());
  reply->set_groups(reply->groups() + 1);
  for (api::v1::RowError& error : *group.mutable_errors()) {
    if (reply->errors_size() >= imports::kKeptErrors) break;
    *reply->add_errors() = std::move(error);
  }
}

}  // namespace tributary::inventory
