// Deal registrations where there are many (--deals): how soon a replica that starts has all of their customers in
// memory, and how long the question takes whose customer a new one's is.

#include "conflict-service/deals/deal_index.h"

#include <random>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict_schema.h"
#include "tests/bench/bench.h"
#include "tests/matching/sample_names.h"
#include "tests/support/database_server.h"

namespace tributary::bench {
namespace {

using conflict::DealIndex;

constexpr int kDealsOfCustomer = 2;
constexpr int kSlips = 1;
constexpr int kChunk = 10'000;

std::string DealOf(int n) { return StrCat("partners/p-", n % 1000, "/deals/d-", n); }

void Register(mysql::Database& database, const std::vector<std::string>& customers, int deals) {
  for (int from = 0; from < deals; from += kChunk) {
    Must(database.Transact({},
                           [&](mysql::Transaction& sql) {
                             mysql::Values values;
                             for (int n = from; n < std::min(from + kChunk, deals); ++n) {
                               const std::string& customer = customers[static_cast<size_t>(n) % customers.size()];
                               values.insert(values.end(), {n + 1, DealOf(n), true, customer});
                             }
                             return sql.InsertRows("INSERT INTO deal_log (seq, deal, blocks, customer_name) VALUES", 4,
                                                   values, "");
                           }),
         "registrations");
  }
}

// What a replica's start cannot do without: the same rows, read in the same steps.
int64_t ReadAll(mysql::Database& database) {
  int64_t last = 0;
  Must(database.Transact({},
                         [&](mysql::Transaction& sql) -> absl::Status {
                           while (true) {
                             ASSIGN_OR_RETURN(const mysql::Rows rows,
                                              sql.Query("SELECT seq, deal, blocks, customer_name FROM deal_log "
                                                        "WHERE seq > ? ORDER BY seq LIMIT ?",
                                                        {last, kChunk}));
                             if (rows.empty()) return absl::OkStatus();
                             last = rows.back().Int(0);
                           }
                         }),
       "rows");
  return last;
}

double Rate(int deals, const std::function<void()>& run) {
  const absl::Time start = absl::Now();
  run();
  return deals / absl::ToDoubleSeconds(absl::Now() - start);
}

}  // namespace

void DealIndexOfMany(const Settings& settings) {
  const auto database = testing::FreshDatabase({&schema::conflict()});
  const std::vector<std::string> customers =
      matching_quality::SampleNames(static_cast<size_t>(settings.deals / kDealsOfCustomer), 20260704);
  Register(*database, customers, settings.deals);

  Settings few = settings;
  few.rounds = std::min(settings.rounds, 3);
  Compare(
      {.name = StrCat("deal_index_start_of_", settings.deals),
       .unit = "registrations/s",
       .peer = "the rows alone, read by the same client",
       .goal = 0.1},
      few,
      [&] {
        return Rate(settings.deals, [&] {
          DealIndex index;
          Must(database->Transact({}, [&](mysql::Transaction& sql) { return index.CatchUp(sql); }), "start");
        });
      },
      [&] {
        return Rate(settings.deals, [&] {
          if (ReadAll(*database) != settings.deals) Must(absl::DataLossError("rows are missing"), "rows");
        });
      });

  DealIndex index;
  std::mt19937 random{7};
  const auto ask = [&] {
    const std::string name = matching_quality::WithSlips(customers[random() % customers.size()], kSlips, &random);
    Must(database->Transact({}, [&](mysql::Transaction& sql) { return index.Find(sql, name).status(); }), name);
  };
  ask();
  const auto select = [&] {
    Must(database->Transact({},
                            [&](mysql::Transaction& sql) {
                              return sql
                                  .Query("SELECT deal FROM deal_log WHERE seq = ?",
                                         {static_cast<int64_t>(random() % static_cast<uint32_t>(settings.deals))})
                                  .status();
                            }),
         "select");
  };
  Compare(
      {.name = StrCat("deal_index_of_", settings.deals),
       .unit = "customers found/s at p99, one at a time",
       .peer = "a transaction with one SELECT by key",
       .goal = 0.5},
      settings, [&] { return SlowRate(settings.round, ask); }, [&] { return SlowRate(settings.round, select); });
}

}  // namespace tributary::bench
