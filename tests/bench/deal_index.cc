// Deal registrations where there are many (--deals), two for each customer: how soon a replica that starts has all of
// their customers in memory, how long the question takes whose customer a new one's is, and how long the decision what
// is left for it.

#include <algorithm>
#include <cstdio>
#include <functional>
#include <map>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "absl/time/clock.h"
#include "common/digest/sha256.h"
#include "common/status/status.h"
#include "common/text/text.h"
#include "conflict-service/deals/customer_index.h"
#include "conflict-service/deals/customer_store.h"
#include "conflict-service/deals/deal.h"
#include "conflict-service/deals/scope_check.h"
#include "conflict_schema.h"
#include "tests/bench/bench.h"
#include "tests/matching/sample_names.h"
#include "tests/support/database_server.h"

namespace tributary::bench {
namespace {

using conflict::CustomerIndex;
using conflict::Deal;

constexpr int kDealsOfCustomer = 2;
constexpr int kSlips = 1;
constexpr int kChunk = 10'000;

void Learn(mysql::Database& database, const std::vector<std::string>& customers) {
  for (size_t from = 0; from < customers.size(); from += kChunk) {
    std::vector<std::string> hashes;
    const size_t to = std::min(from + kChunk, customers.size());
    for (size_t n = from; n < to; ++n) {
      hashes.push_back(Sha256(customers[n]));
      hashes.push_back(conflict::CustomerKey(customers[n]));
    }
    mysql::Values values;
    for (size_t n = from; n < to; ++n) {
      values.insert(values.end(),
                    {static_cast<int64_t>(n + 1), hashes[2 * (n - from)], hashes[2 * (n - from) + 1], customers[n]});
    }
    Must(database.Transact({},
                           [&](mysql::Transaction& sql) {
                             return sql.InsertRows(
                                 "INSERT INTO customer_spelling (seq, spelling, customer_key, customer_name) VALUES", 4,
                                 values, "");
                           }),
         "customers");
  }
}

// What a replica's start cannot do without: the same rows, read in the same steps.
size_t ReadAll(mysql::Database& database) {
  size_t read = 0;
  Must(database.Transact({},
                         [&](mysql::Transaction& sql) -> absl::Status {
                           int64_t last = 0;
                           while (true) {
                             ASSIGN_OR_RETURN(const auto spellings, conflict::CustomerStore().After(sql, last, kChunk));
                             if (spellings.empty()) return absl::OkStatus();
                             read += spellings.size();
                             last = spellings.back().seq;
                           }
                         }),
       "rows");
  return read;
}

double Rate(int deals, const std::function<void()>& run) {
  const absl::Time start = absl::Now();
  run();
  return deals / absl::ToDoubleSeconds(absl::Now() - start);
}

// The n-th registration: three product lines of twenty, one region of a hundred, ninety days.
Deal NthDeal(int n, const std::string& customer) {
  Deal deal;
  deal.partner = StrCat("partners/p-", n % 1000);
  deal.name = StrCat(deal.partner, "/deals/d-", n);
  deal.state = Deal::State::kSubmitted;
  deal.customer_name = customer;
  deal.sequence = n + 1;
  for (int line = 0; line < 3; ++line) {
    deal.scope.product_lines.push_back(StrCat("productLines/", 10 + (n + line * 7) % 20));
  }
  deal.scope.regions = {StrCat("regions/", n % 100)};
  deal.scope.time.start = Date::FromDays(20'000 + n % 700);
  deal.scope.time.end = deal.scope.time.start.AddDays(90);
  return deal;
}

// Registrations in memory by the key of their customer, and what is decided on one more.
class Registrations {
 public:
  Registrations(const CustomerIndex& index, const std::vector<std::string>& customers, int deals)
      : index_(index), customers_(customers), deals_(deals) {
    for (size_t n = 0; n < customers.size(); ++n) by_key_[conflict::CustomerKey(customers[n])].push_back(n);
  }

  // Whether anything is left of what the deal asks for.
  bool Decide(const Deal& deal) const {
    std::set<std::string> keys = index_.Known(deal.customer_name);
    keys.insert(conflict::CustomerKey(deal.customer_name));
    std::vector<Deal> others;
    for (const std::string& key : keys) {
      const auto found = by_key_.find(key);
      if (found == by_key_.end()) continue;
      for (const size_t customer : found->second) {
        for (size_t n = customer; n < static_cast<size_t>(deals_); n += customers_.size()) {
          others.push_back(NthDeal(static_cast<int>(n), customers_[customer]));
        }
      }
    }
    const conflict::Places places;  // every region is a leaf
    const conflict::Share share =
        conflict::ShareOf({conflict::Requested(deal, places)}, conflict::TakenBefore(deal, others, places));
    return !share.granted.empty() || !share.waitlisted.empty();
  }

 private:
  const CustomerIndex& index_;
  const std::vector<std::string>& customers_;
  const int deals_;
  std::map<std::string, std::vector<size_t>> by_key_;  // positions among the customers
};

}  // namespace

void DealIndexOfMany(const Settings& settings) {
  const auto database = testing::FreshDatabase({&schema::conflict()});
  const std::vector<std::string> customers =
      matching_quality::SampleNames(static_cast<size_t>(settings.deals / kDealsOfCustomer), 20260704);
  Learn(*database, customers);

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
          CustomerIndex index;
          Must(database->Transact({}, [&](mysql::Transaction& sql) { return index.CatchUp(sql); }), "start");
          if (index.size() != customers.size()) Must(absl::DataLossError("customers are missing"), "start");
        });
      },
      [&] {
        return Rate(settings.deals, [&] {
          if (ReadAll(*database) != customers.size()) Must(absl::DataLossError("rows are missing"), "rows");
        });
      });

  CustomerIndex index;
  Must(database->Transact({}, [&](mysql::Transaction& sql) { return index.CatchUp(sql); }), "start");
  std::mt19937 random{7};
  const auto misspelled = [&] {
    return matching_quality::WithSlips(customers[random() % customers.size()], kSlips, &random);
  };
  const auto select = [&] {
    const auto seq = static_cast<int64_t>(1 + random() % customers.size());
    Must(database->Transact(
             {},
             [&](mysql::Transaction& sql) {
               return sql.Query("SELECT customer_name FROM customer_spelling WHERE seq = ?", {seq}).status();
             }),
         "select");
  };
  const auto ask = [&] {
    const std::string name = misspelled();
    Must(database->Transact({}, [&](mysql::Transaction& sql) { return index.Find(sql, name).status(); }), name);
  };
  Compare(
      {.name = StrCat("deal_index_of_", settings.deals),
       .unit = "customers found/s at p99, one at a time",
       .peer = "a transaction with one SELECT by key",
       .goal = 0.5},
      settings, [&] { return SlowRate(settings.round, ask); }, [&] { return SlowRate(settings.round, select); });

  const Registrations registrations(index, customers, settings.deals);
  int asked = 0, left = 0;
  const auto decide = [&] {
    const int n = settings.deals + static_cast<int>(random() % 100'000);
    left += registrations.Decide(NthDeal(n, misspelled())) ? 1 : 0;
    ++asked;
  };
  // 5,000 decisions/s at p99 are one in 200 microseconds.
  Compare(
      {.name = StrCat("deal_decision_of_", settings.deals),
       .unit = "decisions/s at p99, one at a time",
       .peer = "a transaction with one SELECT by key",
       .goal = 0.5},
      settings, [&] { return SlowRate(settings.round, decide); }, [&] { return SlowRate(settings.round, select); });
  std::fprintf(stderr, "deal_index: of %d registrations asked for, %d keep something\n", asked, left);
}

}  // namespace tributary::bench
