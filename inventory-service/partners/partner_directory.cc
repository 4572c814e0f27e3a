#include "inventory-service/partners/partner_directory.h"

#include <algorithm>
#include <condition_variable>
#include <iterator>
#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "inventory-service/credit/credit_directory.h"
#include "inventory-service/facts/fact.h"
#include "inventory-service/facts/in_list.h"
#include "inventory-service/ledger/posting.h"
#include "inventory-service/partners/buyer.h"
#include "inventory-service/sites/site_store.h"
#include "inventory-service/territories/territory_store.h"
#include "tributary/partner/v1/partner.pb.h"

namespace tributary::inventory {
namespace {

constexpr size_t kCallsAtOnce = 32;
constexpr absl::Duration kLongestCall = absl::Seconds(2);

std::set<std::string> Without(const std::set<std::string>& all, const std::set<std::string>& some) {
  std::set<std::string> rest;
  std::set_difference(all.begin(), all.end(), some.begin(), some.end(), std::inserter(rest, rest.end()));
  return rest;
}

// Calls in flight and what they answered. Lives until the last of them has come back.
struct Answers {
  std::mutex mutex;
  std::condition_variable changed;
  size_t waiting = 0;
  std::set<std::string> found;
  absl::Status failure;
};

}  // namespace

absl::StatusOr<std::set<std::string>> PartnerDirectory::Unknown(const rpc::Call& call,
                                                                const std::set<std::string>& ids) {
  std::set<std::string> unknown;
  {
    std::lock_guard lock(mutex_);
    for (const std::string& id : ids) {
      if (!known_.contains(id)) unknown.insert(id);
    }
  }
  if (unknown.empty()) return unknown;
  ASSIGN_OR_RETURN(const std::set<std::string> stored, Stored(call, unknown));
  Remember(stored);
  unknown = Without(unknown, stored);
  if (unknown.empty()) return unknown;
  ASSIGN_OR_RETURN(const std::set<std::string> asked, Asked(call, unknown));
  Remember(asked);
  return Without(unknown, asked);
}

bool PartnerDirectory::Remembers(const std::string& id) {
  std::lock_guard lock(mutex_);
  return known_.contains(id);
}

absl::Status PartnerDirectory::CheckKnown(const rpc::Call& call, const std::string& id) {
  ASSIGN_OR_RETURN(const std::set<std::string> unknown, Unknown(call, {id}));
  if (unknown.empty()) return absl::OkStatus();
  return Error(Reason::kReferenceNotFound, StrCat("parent: got ", PartnerName(id), ", want a partner that is known"),
               {{"resource", PartnerName(id)}});
}

void PartnerDirectory::Remember(const std::set<std::string>& ids) {
  std::lock_guard lock(mutex_);
  known_.insert(ids.begin(), ids.end());
}

absl::StatusOr<std::set<std::string>> PartnerDirectory::Stored(const rpc::Call& call,
                                                               const std::set<std::string>& ids) const {
  std::set<std::string> found;
  RETURN_IF_ERROR(database_.Transact(
      {.deadline = call.deadline, .autocommit_reads = true}, [&](mysql::Transaction& sql) -> absl::Status {
        found.clear();
        mysql::Values values;
        const std::string in = InList(std::vector<std::string_view>(ids.begin(), ids.end()), &values);
        ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query(StrCat("SELECT id FROM partner WHERE id IN ", in), values));
        for (const mysql::Row& row : rows) found.insert(row.Text(0));
        return absl::OkStatus();
      }));
  return found;
}

absl::StatusOr<std::set<std::string>> PartnerDirectory::Asked(const rpc::Call& call,
                                                              const std::set<std::string>& ids) const {
  const auto answers = std::make_shared<Answers>();
  rpc::CallOptions options;
  options.timeout = std::min(kLongestCall, call.deadline - absl::Now());
  options.token = call.token;
  for (const std::string& id : ids) {
    {
      std::unique_lock lock(answers->mutex);
      answers->changed.wait(lock, [&] { return answers->waiting < kCallsAtOnce; });
      if (!answers->failure.ok()) break;
      ++answers->waiting;
    }
    partner::v1::GetPartnerRequest request;
    request.set_name(PartnerName(id));
    partner_service_.CallAsync("tributary.partner.v1.PartnerService/GetPartner", request,
                               std::make_shared<partner::v1::Partner>(), options, [answers, id](absl::Status status) {
                                 std::lock_guard lock(answers->mutex);
                                 if (status.ok()) {
                                   answers->found.insert(id);
                                 } else if (!absl::IsNotFound(status)) {
                                   answers->failure = std::move(status);
                                 }
                                 --answers->waiting;
                                 answers->changed.notify_all();
                               });
  }
  std::unique_lock lock(answers->mutex);
  answers->changed.wait(lock, [&] { return answers->waiting == 0; });
  if (!answers->failure.ok()) {
    return Error(Reason::kServiceUnavailable,
                 StrCat("partner-service cannot tell which partners there are: ", Std(answers->failure.message())));
  }
  return answers->found;
}

absl::Status LockPartner(mysql::Transaction& sql, std::string_view partner, absl::Time now) {
  return sql
      .Execute(
          "INSERT INTO partner (id, state, recorded_at, home_region) VALUES (?, ?, ?, '') "
          "ON DUPLICATE KEY UPDATE state = state",
          {partner, static_cast<int>(partner::v1::Partner::STATE_UNSPECIFIED), now})
      .status();
}

absl::Status LockKnown(mysql::Transaction& sql, const std::set<std::string>& partners) {
  for (const std::string& partner : partners) {
    RETURN_IF_ERROR(sql.Query("SELECT id FROM partner WHERE id = ? FOR UPDATE", {partner}).status());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<std::string>> ChannelOf(mysql::Transaction& sql, std::string_view partner) {
  ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT channel FROM partner WHERE id = ?", {partner}));
  if (rows.empty() || rows.front().IsNull(0)) return std::nullopt;
  return rows.front().Text(0);
}

std::vector<std::string> PartnerPayloads() {
  std::vector<std::string> payloads = TerritoryPayloads();
  payloads.insert(payloads.end(),
                  {partner::v1::Partner::descriptor()->full_name(), CreditLinePayload(), TierAssignmentPayload()});
  return payloads;
}

absl::Status ApplyPartnerEvents(mysql::Transaction& sql, absl::Span<const events::Event> events) {
  static const auto& territory = *new std::vector<std::string>(TerritoryPayloads());
  std::vector<Site> sites;
  for (const events::Event& event : events) {
    if (event.type == CreditLinePayload()) {
      RETURN_IF_ERROR(ApplyCreditLine(sql, event));
      continue;
    }
    if (event.type == TierAssignmentPayload()) {
      RETURN_IF_ERROR(ApplyTierAssignment(sql, event));
      continue;
    }
    if (std::find(territory.begin(), territory.end(), event.type) != territory.end()) {
      RETURN_IF_ERROR(ApplyTerritory(sql, event));
      continue;
    }
    if (event.type != partner::v1::Partner::descriptor()->full_name()) continue;
    partner::v1::Partner partner;
    if (!partner.ParseFromString(event.payload)) {
      return Error(Reason::kMalformedRequest, StrCat("the payload of ", event.name, " is no Partner"));
    }
    const std::string id(PartnerOf(partner.name()));
    if (id.empty()) return InvalidField("name", partner.name(), "partners/{partner}");
    std::string home;
    if (!partner.home_region().empty()) {
      ASSIGN_OR_RETURN(const std::vector<std::string> region,
                       ParseResourceName(partner.home_region(), "regions/{region}", "home_region"));
      home = region.front();
    }
    std::string channel;
    if (!partner.channel().empty()) {
      ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                       ParseResourceName(partner.channel(), "channels/{channel}", "channel"));
      channel = ids.front();
    }
    RETURN_IF_ERROR(
        sql.Execute("INSERT INTO partner (id, state, recorded_at, home_region, channel) VALUES (?, ?, ?, ?, ?) "
                    "ON DUPLICATE KEY UPDATE state = VALUES(state), recorded_at = VALUES(recorded_at), "
                    "home_region = VALUES(home_region), channel = VALUES(channel)",
                    {id, static_cast<int>(partner.state()), event.recorded_at, home, channel}));
    sites.push_back({.partner = id,
                     .id = std::string(kMainSite),
                     .uid = Uuid::New(event.recorded_at),
                     .create_time = event.recorded_at,
                     .update_time = event.recorded_at});
  }
  return SiteStore().Ensure(sql, sites);
}

}  // namespace tributary::inventory
