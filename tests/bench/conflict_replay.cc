// AdventureWorks' 121,253 lines (where TRIBUTARY_REAL_DATA names the folder) through all rules of conflict-service: its
// detectors on its stores, a thousand lines a transaction. They show nothing, and with thirty cases injected these
// thirty. The peer stores the same rows, the same thousand a transaction, and looks at nothing.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>

#include "absl/time/clock.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/facts/direct_sale_store.h"
#include "conflict-service/facts/sale_key_store.h"
#include "conflict-service/facts/sale_store.h"
#include "conflict-service/facts/sold_store.h"
#include "conflict-service/prices/price_observation_store.h"
#include "conflict-service/testing_replay.h"
#include "conflict_schema.h"
#include "events_schema.h"
#include "tests/bench/bench.h"
#include "tests/support/database_server.h"

namespace tributary::bench {
namespace {

using conflict::FactBatch;
using conflict::RealChannel;

std::unique_ptr<mysql::Database> Fresh() { return testing::FreshDatabase({&schema::events(), &schema::conflict()}); }

double Seconds(const char* what, const std::function<absl::Status()>& step) {
  const absl::Time start = absl::Now();
  Must(step(), what);
  return absl::ToDoubleSeconds(absl::Now() - start);
}

// Lines a second; what the terms take (grants, price rules) is not counted.
double Judge(const RealChannel& channel) {
  const auto database = Fresh();
  conflict::Replay replay(*database);
  const double terms = Seconds("terms", [&] { return replay.TellTerms(channel); });
  const double sales = Seconds("sales", [&] { return replay.TellSales(channel); });
  const double direct = Seconds("direct sales", [&] { return replay.TellDirectSales(channel); });
  const double prices = Seconds("prices", [&] { return replay.TellPrices(channel); });
  const auto before = replay.Count();
  Must(before.status(), "findings");
  if (!before->empty()) Must(absl::DataLossError("something is found in the channel as it is"), "conflict_replay");
  const conflict::Injected injected = conflict::InjectedInto(channel);
  const double cases = Seconds("cases", [&] { return replay.Tell(injected); });
  const auto after = replay.Count();
  Must(after.status(), "findings");
  if (*after != injected.findings) Must(absl::DataLossError("not what was injected is found"), "conflict_replay");
  std::fprintf(stderr,
               "conflict_replay: terms %.2f s; sales %.2f s, direct sales %.2f s, their prices %.2f s: %.2f s; the "
               "thirty cases %.2f s\n",
               terms, sales, direct, prices, sales + direct + prices, cases);
  return static_cast<double>(channel.sale_lines + channel.direct_lines) / (sales + direct + prices);
}

double Store(const RealChannel& channel) {
  const auto database = Fresh();
  const double seconds = Seconds("rows", [&]() -> absl::Status {
    for (const FactBatch& batch : channel.sales) {
      RETURN_IF_ERROR(database->Transact({}, [&](mysql::Transaction& sql) -> absl::Status {
        RETURN_IF_ERROR(conflict::SaleStore().Put(sql, batch.sales));
        RETURN_IF_ERROR(conflict::SaleKeyStore().Put(sql, batch.sale_keys));
        return conflict::SoldStore().Put(sql, batch.sold);
      }));
    }
    for (const FactBatch& batch : channel.direct_sales) {
      RETURN_IF_ERROR(database->Transact(
          {}, [&](mysql::Transaction& sql) { return conflict::DirectSaleStore().Put(sql, batch.direct_sales); }));
    }
    for (const auto& batch : channel.prices) {
      RETURN_IF_ERROR(database->Transact(
          {}, [&](mysql::Transaction& sql) { return conflict::PriceObservationStore().Put(sql, batch).status(); }));
    }
    return absl::OkStatus();
  });
  return static_cast<double>(channel.sale_lines + channel.direct_lines) / seconds;
}

// For a run that is to show no more than that it runs.
void Shorten(RealChannel* channel) {
  constexpr size_t kBatches = 5;
  channel->sale_lines = channel->direct_lines = 0;
  channel->sales.resize(kBatches);
  channel->direct_sales.resize(kBatches);
  channel->prices.resize(kBatches);
  for (const FactBatch& batch : channel->sales) channel->sale_lines += batch.sales.size();
  for (const FactBatch& batch : channel->direct_sales) channel->direct_lines += batch.direct_sales.size();
}

}  // namespace

void ConflictReplay(const Settings& settings) {
  const char* const folder = std::getenv("TRIBUTARY_REAL_DATA");
  if (folder == nullptr) {
    std::fprintf(stderr, "conflict_replay: without its data; TRIBUTARY_REAL_DATA names the folder that holds them\n");
    return;
  }
  auto channel = conflict::ReadRealChannel(StrCat(folder, "/adventureworks_dw"));
  Must(channel.status(), "AdventureWorks");
  if (settings.round < absl::Seconds(1)) Shorten(&*channel);
  Settings few = settings;
  few.rounds = std::min(settings.rounds, 3);
  // 24,251 lines/s are all of them in 5 s.
  Compare(
      {.name = "conflict_replay",
       .unit = "lines/s",
       .peer = "the same rows stored, a thousand lines a transaction",
       .goal = 0.25},
      few, [&] { return Judge(*channel); }, [&] { return Store(*channel); });
}

}  // namespace tributary::bench
