#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "absl/synchronization/notification.h"
#include "common/process/census.h"
#include "common/status/status.h"
#include "common/status/status_matchers.h"
#include "prometheus/text_serializer.h"
#include "tests/support/database_server.h"

namespace tributary::process {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Text(prometheus::Registry& registry) { return prometheus::TextSerializer().Serialize(registry.Collect()); }

TEST(CensusTest, ShowsWhatItCountsAndWhen) {
  const auto database = tributary::testing::FreshDatabase();
  prometheus::Registry registry;
  CensusGauge things(registry, "things", "Things, by color", "color", {"red", "green"});
  Census census(*database, registry);
  EXPECT_THAT(Text(registry), HasSubstr("things{color=\"red\"} 0"));
  absl::Notification counted;
  census.Add("things", absl::Hours(1), [&](mysql::Transaction& sql) -> absl::Status {
    ASSIGN_OR_RETURN(const mysql::Rows rows, sql.Query("SELECT 'red', 2 UNION ALL SELECT 'blue', 3"));
    std::map<std::string, double> counts;
    for (const mysql::Row& row : rows) counts[row.Text(0)] = static_cast<double>(row.Int(1));
    things.Set(counts);
    counted.Notify();
    return absl::OkStatus();
  });
  EXPECT_THAT(Text(registry), HasSubstr("tributary_census_time_seconds{census=\"things\"} 0"));
  census.Start();
  counted.WaitForNotification();
  census.Stop();  // it does not stay for the next time
  const std::string text = Text(registry);
  EXPECT_THAT(text, HasSubstr("things{color=\"red\"} 2"));
  EXPECT_THAT(text, HasSubstr("things{color=\"green\"} 0"));
  EXPECT_THAT(text, HasSubstr("things{color=\"blue\"} 3"));
  EXPECT_THAT(text, Not(HasSubstr("tributary_census_time_seconds{census=\"things\"} 0")));
  EXPECT_THAT(text, HasSubstr("tributary_census_failed_total{census=\"things\"} 0"));
  things.Set({});
  EXPECT_THAT(Text(registry), HasSubstr("things{color=\"blue\"} 0"));
}

TEST(CensusTest, OneThatFailsIsCountedAndTriedAgainAndDoesNotStopTheOthers) {
  const auto database = tributary::testing::FreshDatabase();
  prometheus::Registry registry;
  Census census(*database, registry);
  std::atomic<int> tries{0};
  absl::Notification twice, other;
  census.Add("broken", absl::Milliseconds(1), [&](mysql::Transaction& sql) -> absl::Status {
    if (++tries == 2) twice.Notify();
    return sql.Query("SELECT * FROM nowhere").status();
  });
  census.Add("other", absl::Hours(1), [&](mysql::Transaction&) {
    other.Notify();
    return absl::OkStatus();
  });
  census.Add("writes", absl::Hours(1),
             [](mysql::Transaction& sql) { return sql.Execute("CREATE TABLE t (id INT PRIMARY KEY)").status(); });
  census.Start();
  twice.WaitForNotification();
  other.WaitForNotification();
  census.Stop();
  const std::string text = Text(registry);
  EXPECT_THAT(text, HasSubstr("tributary_census_time_seconds{census=\"broken\"} 0"));
  EXPECT_THAT(text, Not(HasSubstr("tributary_census_failed_total{census=\"broken\"} 0")));
  EXPECT_THAT(text, HasSubstr("tributary_census_failed_total{census=\"other\"} 0"));
  EXPECT_THAT(text, HasSubstr("tributary_census_failed_total{census=\"writes\"} 1"));
}

}  // namespace
}  // namespace tributary::process
