#include "partner-service/applications/application_watch.h"

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/time/clock.h"
#include "common/ids/resource_name.h"
#include "common/rpc/server.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "common/time/today.h"
#include "partner-service/applications/application_proto.h"
#include "partner-service/partners/partner_asked.h"

namespace tributary::partner {
namespace {

constexpr absl::Duration kGoneCheck = absl::Milliseconds(250);  // how late a caller's leave may be noticed
constexpr absl::Duration kStatementTime = absl::Seconds(10);

// What a caller has been told: an application's uid, its version and the day that its gates were worked out for.
struct Place {
  std::string uid;
  int64_t version = 0;
  int32_t day = 0;

  friend bool operator==(const Place&, const Place&) = default;
};

// Where a token says that a watch was; none for an empty one.
absl::StatusOr<std::optional<Place>> PlaceOf(const PageTokens& tokens, const std::string& token,
                                             const std::string& fingerprint) {
  if (token.empty()) return std::nullopt;
  const auto key = tokens.Open(token, fingerprint);
  Place place;
  if (key.ok() && key->size() == 3 && absl::SimpleAtoi(key->at(1), &place.version) &&
      absl::SimpleAtoi(key->at(2), &place.day)) {
    place.uid = key->at(0);
    return std::optional(std::move(place));
  }
  const FieldViolation violation{
      "resume_token", Printable(token, 8),
      "a resume_token of this very watch (same caller and application), or none to begin anew"};
  return WithDetail(absl::StatusCode::kInvalidArgument,
                    StrCat(violation.field, ": got '", violation.got, "', want ", violation.want),
                    {.reason = Reason::kPageTokenInvalid, .violations = {violation}});
}

}  // namespace

void ApplicationWatch::Register(rpc::Server& server) {
  const v1::WatchApplicationResponse* const sent = nullptr;
  server.Add("tributary.partner.v1.ApplicationService", this)
      .Stream("WatchApplication", &ApplicationWatch::Watch, sent);
}

absl::Status ApplicationWatch::Watch(const rpc::Call& call, const v1::WatchApplicationRequest& request,
                                     rpc::StreamWriter& writer) {
  ASSIGN_OR_RETURN(const std::string asked, PartnerAsked(call, request.partner()));
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, ParseResourceName(request.name(), "applications/{application}"));
  const Viewer viewer = call.identity->IsPartnerUser() ? Viewer::kApplicant : Viewer::kVendor;
  const std::string fingerprint =
      QueryFingerprint({call.method, call.identity->subject, call.identity->partner, request.name()});
  ASSIGN_OR_RETURN(std::optional<Place> told, PlaceOf(tokens_, request.resume_token(), fingerprint));
  const int shard = events::ShardOf(request.name());
  std::vector<int64_t> seen(events::kShards, std::numeric_limits<int64_t>::max());
  std::optional<Date> looked_on;
  while (!writer.Gone()) {
    if (feed_.stopped()) return Error(Reason::kDraining, "the process is stopping");
    const int64_t head = feed_.Heads()[static_cast<size_t>(shard)];
    const Date today = UtcToday(absl::Now());
    if (looked_on != today || head > seen[static_cast<size_t>(shard)]) {
      Application application;
      RETURN_IF_ERROR(database_.Transact({.deadline = absl::Now() + kStatementTime, .autocommit_reads = true},
                                         [&](mysql::Transaction& sql) -> absl::Status {
                                           ASSIGN_OR_RETURN(application, applications_.Get(sql, ids.front()));
                                           return CheckSeen(application, asked);
                                         }));
      // A commit can be seen before it is on disk; afterwards what was seen is.
      RETURN_IF_ERROR(feed_.Refresh());
      const Place place{application.revision.uid.ToString(), application.revision.version, today.days()};
      if (told.has_value() && told->uid == place.uid && told->version > place.version) {
        return Error(Reason::kFeedRewound,
                     "resume_token: got one of what is not there any more, want one of the present");
      }
      if (told != place) {
        v1::WatchApplicationResponse message;
        *message.mutable_application() = ToProto(application, today, viewer);
        message.set_resume_token(tokens_.Seal(fingerprint, {place.uid, StrCat(place.version), StrCat(place.day)}));
        if (!writer.Write(message)) break;
        told = place;
      }
      looked_on = today;
      seen[static_cast<size_t>(shard)] = head;
    }
    feed_.WaitBeyond(seen, absl::Now() + kGoneCheck);
  }
  return absl::OkStatus();
}

}  // namespace tributary::partner
