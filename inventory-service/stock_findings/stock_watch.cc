#include "inventory-service/stock_findings/stock_watch.h"

#include <utility>

#include "common/ids/resource_name.h"
#include "common/status/status.h"
#include "inventory-service/stock_findings/derivation.h"
#include "tributary/inventory/v1/lot.pb.h"
#include "tributary/inventory/v1/site.pb.h"

namespace tributary::inventory {
namespace {

// Names alone tell what changed.
ReferenceChanges ChangesOf(absl::Span<const events::Event> events) {
  ReferenceChanges changes;
  for (const events::Event& event : events) {
    if (const auto lot = ParseResourceName(event.name, "products/{product}/lots/{lot}"); lot.ok()) {
      changes.lots.emplace(lot->at(0), lot->at(1));
    }
    if (const auto site = ParseResourceName(event.name, "partners/{partner}/sites/{site}"); site.ok()) {
      changes.sites.emplace(site->at(0), site->at(1));
    }
  }
  return changes;
}

}  // namespace

StockWatch::StockWatch(mysql::Database& database, events::Feed& feed, const Clock& clock,
                       std::function<void()> committed)
    : FeedWatch(
          database, feed,
          {.name = "stock findings",
           .cursor_table = "stock_cursor",
           .types = {v1::Lot::descriptor()->full_name(), v1::Site::descriptor()->full_name()}},
          [&clock](mysql::Transaction& sql, const events::ShardRange& range, absl::Span<const events::Event> events,
                   events::Outbox& outbox) {
            return FindingDerivation().Apply(sql, range, ChangesOf(events), clock.Now(), outbox);
          },
          std::move(committed)) {}

}  // namespace tributary::inventory
