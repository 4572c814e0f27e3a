// partner-service: parties and reference data. README.md says what it owns.

#include <string>
#include <vector>

#include "common/events/consumer.h"
#include "common/events/feed.h"
#include "common/process/process.h"
#include "common/status/status.h"
#include "events_schema.h"
#include "imports_schema.h"
#include "partner-service/agreements/agreement_notices.h"
#include "partner-service/approvals/approval_expiry.h"
#include "partner-service/census.h"
#include "partner-service/documents/document_expiry.h"
#include "partner-service/evaluations/evaluation_review.h"
#include "partner-service/leads/offer_expiry.h"
#include "partner-service/notifications/notification_maker.h"
#include "partner-service/notifications/notification_proto.h"
#include "partner-service/remedies/remedy_follower.h"
#include "partner-service/sales_facts/sales_consumer.h"
#include "partner-service/sales_targets/target_decision.h"
#include "partner-service/sanctions/sanction_days.h"
#include "partner-service/services.h"
#include "partner-service/tier_assignments/tier_review.h"
#include "partner-service/webhooks/webhook_sender.h"
#include "partner_schema.h"
#include "rpc_schema.h"

namespace {
constexpr char kWebhooksToLoopback[] = "webhooks-to-loopback";

std::vector<std::string> ConflictPayloads() {
  std::vector<std::string> types = tributary::partner::NoticedConflictPayloads();
  types.push_back(tributary::partner::RemedyPayload());
  return types;
}
}  // namespace

int main(int argc, char** argv) {
  using namespace tributary;
  process::Process process(
      {.name = "partner-service",
       .peers = {"inventory", "conflict"},
       .schemas = {&schema::events(), &schema::rpc(), &schema::imports(), &schema::partner()},
       .switches = {{kWebhooksToLoopback, "For development: webhooks may go to this machine, by http as well"}}},
      argc, argv);
  const bool to_loopback = process.config().switches.contains(kWebhooksToLoopback);
  if (to_loopback && process.config().production) {
    return process.Fail(Error(Reason::kUnsafeSettings, "got --webhooks-to-loopback, want none with --production"));
  }
  if (const absl::Status opened = process.Open(); !opened.ok()) return process.Fail(opened);

  events::Feed feed(process.database(), {}, &process.registry());
  partner::Services services(process.database(), feed, process.page_tokens(), to_loopback);
  const auto feed_service = events::ServeFeed(process.server(), process.database(), &feed);
  services.Register(process.server());

  if (const absl::Status started = feed.Start(); !started.ok()) return process.Fail(started);
  if (const absl::Status followed = services.Follow(feed); !followed.ok()) return process.Fail(followed);
  process.OnCommitted([&feed] { feed.Poke(); });
  partner::OfferExpiry offer_expiry(process.database(), process.clock(), [&feed] { feed.Poke(); });
  partner::TierReview tier_review(process.database(), process.clock(), [&feed] { feed.Poke(); });
  partner::EvaluationFollower evaluation_follower(process.database(), feed);
  partner::EvaluationReview evaluation_review(process.database(), process.clock(), [&feed] { feed.Poke(); });
  partner::TargetDecision target_decision(process.database(), process.clock(), [&feed] { feed.Poke(); });
  partner::SanctionDays sanction_days(process.database(), process.clock(), [&feed] { feed.Poke(); });
  partner::AgreementNotices agreement_notices(process.database(), process.clock(), [&feed] { feed.Poke(); });
  partner::NotificationMaker notification_maker(process.database(), feed, process.clock(), [&feed] { feed.Poke(); });
  partner::ApprovalExpiry approval_expiry(process.database(), process.clock(), [&feed] { feed.Poke(); });
  partner::WebhookSender webhook_sender(
      process.database(), process.clock(), {.client = {.allow_loopback = to_loopback}}, [&feed] { feed.Poke(); },
      &process.registry());
  partner::DocumentExpiry document_expiry(process.database(), process.clock(), [&feed] { feed.Poke(); });
  events::Consumer inventory(
      process.database(), process.peer("inventory"), process.clock(),
      {.feed = "inventory", .payload_types = partner::SalesPayloads(), .owner = process.instance()},
      partner::ApplySales, &process.registry());
  events::Consumer conflict(
      process.database(), process.peer("conflict"), process.clock(),
      {.feed = "conflict",
       .payload_types = ConflictPayloads(),
       .owner = process.instance(),
       .committed = [&feed] { feed.Poke(); }},
      [&clock = process.clock()](mysql::Transaction& sql, absl::Span<const events::Event> batch,
                                 events::Outbox& outbox) -> absl::Status {
        const absl::Time now = clock.Now();
        RETURN_IF_ERROR(partner::ApplyRemedies(sql, batch, now, outbox));
        return partner::NotifyOfConflicts(sql, batch, now, outbox);
      },
      &process.registry());
  process::Census census(process.database(), process.registry());
  partner::AddCensus(census, process.registry());
  return process.Serve({.started =
                            [&] {
                              inventory.Start();
                              conflict.Start();
                              census.Start();
                              offer_expiry.Start();
                              tier_review.Start();
                              evaluation_follower.Start();
                              evaluation_review.Start();
                              target_decision.Start();
                              sanction_days.Start();
                              agreement_notices.Start();
                              notification_maker.Start();
                              document_expiry.Start();
                              approval_expiry.Start();
                              webhook_sender.Start();
                              return absl::OkStatus();
                            },
                        .stopping =
                            [&] {
                              inventory.Stop();
                              conflict.Stop();
                              tier_review.Stop();
                              evaluation_follower.Stop();
                              evaluation_review.Stop();
                              target_decision.Stop();
                              sanction_days.Stop();
                              offer_expiry.Stop();
                              agreement_notices.Stop();
                              notification_maker.Stop();
                              document_expiry.Stop();
                              approval_expiry.Stop();
                              webhook_sender.Stop();
                              census.Stop();
                              feed.Stop();
                            }});
}
