#include "inventory-service/ledger/position_watch.h"

#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/ledger/ledger_proto.h"

namespace tributary::inventory {
namespace {

// A text in a filter.
std::string Quoted(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  return quoted + "\"";
}

class WatchedPositions : public events::Watched {
 public:
  // What is not empty in `wanted` must agree; the site is not asked about.
  WatchedPositions(const LedgerStore& store, PositionKey wanted) : store_(store), wanted_(std::move(wanted)) {
    if (!wanted_.product.empty()) filter_ = StrCat("product = \"products/", wanted_.product, "\"");
    if (!wanted_.lot.empty()) StrAppend(&filter_, " AND lot = ", Quoted(wanted_.lot));
  }

  google::protobuf::Message& message() override { return message_; }

  absl::StatusOr<bool> ReadNext(mysql::Transaction& sql) override {
    ASSIGN_OR_RETURN(const SqlPredicate predicate, ParseFilter(filter_, LedgerStore::PositionFields()));
    ASSIGN_OR_RETURN(const std::vector<Position> page,
                     store_.ListPositions(sql, wanted_.partner, after_, predicate, events::kWatchedAtOnce));
    if (!page.empty()) after_ = page.back().key;
    Add(page);
    return page.size() < events::kWatchedAtOnce;
  }

  absl::StatusOr<size_t> Note(mysql::Transaction& sql, absl::Span<const events::ShardRange> ranges,
                              absl::Span<const events::Event>) override {
    std::set<PositionKey> touched;
    for (const events::ShardRange& range : ranges) {
      RETURN_IF_ERROR(store_.AddTouched(sql, range, wanted_, &touched));
    }
    noted_.assign(touched.begin(), touched.end());
    return noted_.size();
  }

  absl::Status ReadNoted(mysql::Transaction& sql, size_t from, size_t to) override {
    ASSIGN_OR_RETURN(const std::vector<Position> positions,
                     store_.ReadPositions(sql, {&noted_[from], &noted_[from] + (to - from)}));
    Add(positions);
    return absl::OkStatus();
  }

 private:
  void Add(const std::vector<Position>& positions) {
    for (const Position& position : positions) *message_.add_positions() = ToProto(position);
  }

  const LedgerStore& store_;
  const PositionKey wanted_;
  std::string filter_;
  PositionKey after_;
  std::vector<PositionKey> noted_;
  v1::WatchPositionsResponse message_;
};

}  // namespace

void PositionWatch::Register(rpc::Server& server) {
  const v1::WatchPositionsResponse* const sent = nullptr;
  server.Add("tributary.inventory.v1.LedgerService", this).Stream("WatchPositions", &PositionWatch::Watch, sent);
}

absl::Status PositionWatch::Watch(const rpc::Call& call, const v1::WatchPositionsRequest& request,
                                  rpc::StreamWriter& writer) {
  PositionKey wanted;
  ASSIGN_OR_RETURN(wanted.partner, PartnerToList(call, request.parent()));
  if (!request.product().empty()) {
    ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                     ParseResourceName(request.product(), "products/{product}", "product"));
    wanted.product = ids[0];
  } else if (!request.lot().empty()) {
    return InvalidField("product", "", "the product of the lot");
  }
  wanted.lot = request.lot();
  WatchedPositions watched(store_, std::move(wanted));
  return events::RunWatch(parts_, call,
                          {.query = QueryFingerprint({request.parent(), request.product(), request.lot()}),
                           .same = "caller, parent, product and lot",
                           .resume_token = request.resume_token()},
                          watched, writer);
}

}  // namespace tributary::inventory
