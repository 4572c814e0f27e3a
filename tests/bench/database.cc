// The database server of the benchmarks, with the settings that the suite ships: durable commits.

#include "inventory-service/testing_service.h"
#include "tests/bench/bench.h"
#include "tests/bench/load.h"
#include "tests/support/database_server.h"

namespace tributary::testing {

// With room for what a benchmark touches, as a server that is there for one thing has it; the tests' own is small.
DatabaseServer& SharedDatabase() {
  static DatabaseServer& server = *[] {
    static DatabaseServer made;
    made.Restart({"--innodb-buffer-pool-size=2G", "--innodb-log-file-size=1G", "--innodb-flush-method=O_DIRECT"});
    return &made;
  }();
  return server;
}

std::unique_ptr<mysql::Database> FreshDatabase(const std::vector<const mysql::Schema*>& schemas) {
  auto database = mysql::Database::Open(SharedDatabase().options());
  bench::Must(database.status(), "database");
  for (const mysql::Schema* schema : schemas) bench::Must((*database)->ApplySchema(*schema), "schema");
  return *std::move(database);
}

}  // namespace tributary::testing

namespace tributary::bench {

std::unique_ptr<mysql::Database> OpenWith(int connections) {
  mysql::Options options = testing::SharedDatabase().options();
  options.pool_size = connections;
  auto database = mysql::Database::Open(options);
  Must(database.status(), "database");
  for (const mysql::Schema* schema : inventory::InventorySchemas()) Must((*database)->ApplySchema(*schema), "schema");
  return *std::move(database);
}

}  // namespace tributary::bench
