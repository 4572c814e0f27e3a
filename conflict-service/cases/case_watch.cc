#include "conflict-service/cases/case_watch.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/ids/resource_name.h"
#include "common/paging/page.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/cases/case_proto.h"

namespace tributary::conflict {
namespace {

class WatchedCases : public events::Watched {
 public:
  WatchedCases(const CaseStore& cases, SqlPredicate filter) : cases_(cases), filter_(std::move(filter)) {}

  google::protobuf::Message& message() override { return message_; }

  absl::StatusOr<bool> ReadNext(mysql::Transaction& sql) override {
    ASSIGN_OR_RETURN(const std::vector<Case> page,
                     cases_.List(sql, filter_, /*explained_too=*/false, after_, events::kWatchedAtOnce));
    for (const Case& one : page) *message_.add_cases() = ToProto(one);
    if (!page.empty()) after_ = page.back().id;
    return page.size() < events::kWatchedAtOnce;
  }

  absl::StatusOr<size_t> Note(mysql::Transaction&, absl::Span<const events::ShardRange>,
                              absl::Span<const events::Event> events) override {
    std::set<std::string> ids;
    for (const events::Event& event : events) {
      ASSIGN_OR_RETURN(const std::vector<std::string> id, ParseResourceName(event.name, "cases/{case}"));
      ids.insert(id[0]);
    }
    noted_.assign(ids.begin(), ids.end());
    return noted_.size();
  }

  absl::Status ReadNoted(mysql::Transaction& sql, size_t from, size_t to) override {
    std::set<std::string> gone(&noted_[from], &noted_[from] + (to - from));
    ASSIGN_OR_RETURN(const std::vector<Case> cases, cases_.Some(sql, gone, filter_));
    for (const Case& one : cases) {
      *message_.add_cases() = ToProto(one);
      gone.erase(one.id);
    }
    for (const std::string& id : gone) message_.add_gone(StrCat("cases/", id));
    return absl::OkStatus();
  }

 private:
  const CaseStore& cases_;
  const SqlPredicate filter_;
  std::string after_;
  std::vector<std::string> noted_;
  v1::WatchCasesResponse message_;
};

class WatchedPartnerCases : public events::Watched {
 public:
  // `partner`: partners/{partner}; empty: all.
  WatchedPartnerCases(const CaseStore& cases, const PartyStore& parties, std::string partner)
      : cases_(cases), parties_(parties), partner_(std::move(partner)) {}

  google::protobuf::Message& message() override { return message_; }

  absl::StatusOr<bool> ReadNext(mysql::Transaction& sql) override {
    ASSIGN_OR_RETURN(const std::vector<PartyStore::Listed> page,
                     parties_.List(sql, partner_, after_.first, after_.second, events::kWatchedAtOnce));
    for (const PartyStore::Listed& shown : page) RETURN_IF_ERROR(Add(sql, shown.partner, shown.case_id, shown.view));
    if (!page.empty()) after_ = {page.back().partner, page.back().view.number};
    return page.size() < events::kWatchedAtOnce;
  }

  absl::StatusOr<size_t> Note(mysql::Transaction&, absl::Span<const events::ShardRange>,
                              absl::Span<const events::Event> events) override {
    std::set<PartyNumber> numbers;
    for (const events::Event& event : events) {
      ASSIGN_OR_RETURN(PartyNumber number, PartyNumberOf(event.name));
      if (partner_.empty() || number.first == partner_) numbers.insert(std::move(number));
    }
    noted_.assign(numbers.begin(), numbers.end());
    return noted_.size();
  }

  absl::Status ReadNoted(mysql::Transaction& sql, size_t from, size_t to) override {
    for (size_t i = from; i < to; ++i) {
      const auto& [partner, number] = noted_[i];
      ASSIGN_OR_RETURN(const auto shown, parties_.Get(sql, partner, number));
      RETURN_IF_ERROR(Add(sql, partner, shown.first, shown.second));
    }
    return absl::OkStatus();
  }

 private:
  absl::Status Add(mysql::Transaction& sql, const std::string& partner, const std::string& case_id,
                   const PartyView& view) {
    ASSIGN_OR_RETURN(const Case one, cases_.Get(sql, case_id));
    ASSIGN_OR_RETURN(const std::vector<CaseMessage> messages, parties_.MessagesOf(sql, case_id, partner));
    *message_.add_partner_cases() = ToProto(one, view, messages);
    return absl::OkStatus();
  }

  const CaseStore& cases_;
  const PartyStore& parties_;
  const std::string partner_;
  PartyNumber after_;
  std::vector<PartyNumber> noted_;
  v1::WatchPartnerCasesResponse message_;
};

}  // namespace

void CaseWatch::Register(rpc::Server& server) {
  const v1::WatchCasesResponse* const sent = nullptr;
  const v1::WatchPartnerCasesResponse* const sent_to_party = nullptr;
  server.Add("tributary.conflict.v1.CaseService", this).Stream("WatchCases", &CaseWatch::Watch, sent);
  server.Add("tributary.conflict.v1.PartnerCaseService", this)
      .Stream("WatchPartnerCases", &CaseWatch::WatchAsParty, sent_to_party);
}

absl::Status CaseWatch::Watch(const rpc::Call& call, const v1::WatchCasesRequest& request, rpc::StreamWriter& writer) {
  ASSIGN_OR_RETURN(SqlPredicate filter, ParseFilter(request.filter(), CaseStore::Fields()));
  WatchedCases watched(cases_, std::move(filter));
  return events::RunWatch(parts_, call,
                          {.query = request.filter(),
                           .same = "caller and filter",
                           .resume_token = request.resume_token(),
                           .types = {v1::Case::descriptor()->full_name()}},
                          watched, writer);
}

absl::Status CaseWatch::WatchAsParty(const rpc::Call& call, const v1::WatchPartnerCasesRequest& request,
                                     rpc::StreamWriter& writer) {
  ASSIGN_OR_RETURN(const std::string partner, PartnerToList(call, request.parent()));
  WatchedPartnerCases watched(cases_, parties_, partner.empty() ? "" : StrCat("partners/", partner));
  return events::RunWatch(parts_, call,
                          {.query = request.parent(),
                           .same = "caller and parent",
                           .resume_token = request.resume_token(),
                           .types = {v1::PartnerCase::descriptor()->full_name()}},
                          watched, writer);
}

}  // namespace tributary::conflict
