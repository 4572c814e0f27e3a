#include "inventory-service/ledger/command.h"

#include <iterator>
#include <memory>
#include <utility>

#include "common/status/status.h"
#include "inventory-service/counts/correcting.h"
#include "inventory-service/ledger/ledger_proto.h"
#include "inventory-service/ledger/ledger_store.h"
#include "inventory-service/ledger/posting_rows.h"

namespace tributary::inventory {
namespace {

// The corrections that the postings ask for, which the positions have afterwards.
absl::StatusOr<std::vector<Posting>> Correct(const rpc::Call& call, rpc::Unit& unit,
                                             absl::Span<const Posting> postings) {
  ASSIGN_OR_RETURN(std::vector<Posting> corrections, CountCorrections(unit.sql(), postings));
  RETURN_IF_ERROR(LedgerStore().AddToPositions(unit.sql(), PositionChanges(corrections), call.now));
  return corrections;
}

void Append(rpc::Unit& unit, std::vector<Posting> postings) {
  if (postings.empty()) return;
  for (Posting& posting : postings) posting.n = 0;
  events::RowBatch rows{.noun = "stock_posting", .verb = "posted"};
  for (const Posting& posting : postings) rows.shards.push_back(events::ShardOf(posting.partner));
  struct Work {
    explicit Work(std::vector<Posting> given) : postings(std::move(given)), rows(postings) {}
    const std::vector<Posting> postings;
    PostingRows rows;
  };
  const auto work = std::make_shared<Work>(std::move(postings));
  rows.write = [work](mysql::Transaction& sql, absl::Span<const events::Stamp> stamps) {
    return work->rows.Insert(sql, stamps);
  };
  unit.EmitRows(std::move(rows));
}

}  // namespace

absl::Status Post(const rpc::Call& call, rpc::Unit& unit, std::vector<Posting> postings) {
  if (postings.empty()) return absl::OkStatus();
  RETURN_IF_ERROR(LedgerStore().AddToPositions(unit.sql(), PositionChanges(postings), call.now));
  ASSIGN_OR_RETURN(std::vector<Posting> corrections, Correct(call, unit, postings));
  std::move(corrections.begin(), corrections.end(), std::back_inserter(postings));
  Append(unit, std::move(postings));
  return absl::OkStatus();
}

absl::Status PostCorrections(const rpc::Call& call, rpc::Unit& unit, absl::Span<const Posting> postings) {
  ASSIGN_OR_RETURN(std::vector<Posting> corrections, Correct(call, unit, postings));
  Append(unit, std::move(corrections));
  return absl::OkStatus();
}

events::RowSource PostingSource() {
  const std::string& type = v1::StockPosting::descriptor()->full_name();
  auto read = [type](mysql::Transaction& sql, absl::Span<const events::ShardRange> ranges,
                     std::vector<events::Event>* out) -> absl::Status {
    for (const events::ShardRange& range : ranges) {
      ASSIGN_OR_RETURN(const std::vector<RecordedPosting> postings, LedgerStore().OwnEvents(sql, range));
      for (const RecordedPosting& recorded : postings) {
        const v1::StockPosting payload = ToProto(recorded);
        out->push_back({.cursor = recorded.cursor,
                        .recorded_at = recorded.recorded_at,
                        .verb = "posted",
                        .name = payload.name(),
                        .type = type,
                        .payload = payload.SerializeAsString()});
      }
    }
    return absl::OkStatus();
  };
  return {.type = type, .read = std::move(read)};
}

}  // namespace tributary::inventory
