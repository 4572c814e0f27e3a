// The database server of the benchmarks, with the settings that the suite ships: durable commits.

#include "inventory-service/testing_service.h"
#include "tests/bench/bench.h"
#include "tests/bench/load.h"
#include "tests/support/database_server.h"

namespace tributary::testing {

DatabaseServer& SharedDatabase() {
  static DatabaseServer server;
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
