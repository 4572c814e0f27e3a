#include "common/mysql/settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/status/status_matchers.h"

namespace tributary::mysql {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Settings MariaDb() {
  return {{"innodb_flush_log_at_trx_commit", "1"},
          {"innodb_doublewrite", "ON"},
          {"log_bin", "OFF"},
          {"sync_binlog", "0"},
          {"innodb_force_recovery", "0"},
          {"innodb_rollback_on_timeout", "ON"},
          {"innodb_lock_wait_timeout", "2"},
          {"tx_isolation", "READ-COMMITTED"},
          {"sql_mode",
           "STRICT_TRANS_TABLES,STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,TRADITIONAL,"
           "NO_AUTO_CREATE_USER,NO_ENGINE_SUBSTITUTION"},
          {"character_set_server", "utf8mb4"},
          {"time_zone", "+00:00"},
          {"system_time_zone", "CST"},
          {"max_statement_time", "10.000000"},
          {"max_connections", "300"},
          {"max_allowed_packet", "67108864"},
          {"wait_timeout", "28800"},
          {"local_infile", "OFF"},
          {"ssl_cipher", ""}};
}

Settings MySql() {
  Settings settings = MariaDb();
  settings.erase("tx_isolation");
  settings.erase("max_statement_time");
  settings["transaction_isolation"] = "READ-COMMITTED";
  settings["max_execution_time"] = "10000";
  settings["innodb_doublewrite"] = "DETECT_AND_RECOVER";
  settings["log_bin"] = "ON";
  settings["sync_binlog"] = "1";
  settings["time_zone"] = "SYSTEM";
  settings["system_time_zone"] = "UTC";
  return settings;
}

Settings Galera() {
  Settings settings = MariaDb();
  settings["wsrep_on"] = "ON";
  settings["wsrep_sync_wait"] = "1";
  settings["wsrep_dirty_reads"] = "OFF";
  settings["wsrep_osu_method"] = "TOI";
  settings["binlog_format"] = "ROW";
  return settings;
}

std::vector<std::string> Names(const std::vector<UnsafeSetting>& unsafe) {
  std::vector<std::string> names;
  for (const UnsafeSetting& setting : unsafe) names.push_back(setting.name);
  return names;
}

TEST(SettingsTest, TheSettingsThatShipPass) {
  EXPECT_THAT(Names(CheckSettings(MariaDb(), {})), IsEmpty());
  EXPECT_THAT(Names(CheckSettings(MySql(), {})), IsEmpty());
  EXPECT_THAT(Names(CheckSettings(Galera(), {})), IsEmpty());
}

TEST(SettingsTest, EachUnsafeOneIsNamed) {
  struct Case {
    Settings base;
    const char* name;
    const char* value;
    const char* found;  // "" where it is safe
  };
  const Case cases[] = {
      {MariaDb(), "innodb_flush_log_at_trx_commit", "2", "innodb_flush_log_at_trx_commit"},
      {MariaDb(), "innodb_flush_log_at_trx_commit", "0", "innodb_flush_log_at_trx_commit"},
      {MariaDb(), "innodb_doublewrite", "OFF", "innodb_doublewrite"},
      {MySql(), "innodb_doublewrite", "DETECT_ONLY", "innodb_doublewrite"},
      {MariaDb(), "log_bin", "ON", "sync_binlog"},
      {MySql(), "sync_binlog", "0", "sync_binlog"},
      {MariaDb(), "innodb_force_recovery", "3", "innodb_force_recovery"},
      {MariaDb(), "innodb_rollback_on_timeout", "OFF", "innodb_rollback_on_timeout"},
      {MariaDb(), "innodb_lock_wait_timeout", "50", "innodb_lock_wait_timeout"},
      {MariaDb(), "innodb_lock_wait_timeout", "0", "innodb_lock_wait_timeout"},
      {MariaDb(), "tx_isolation", "REPEATABLE-READ", "tx_isolation"},
      {MySql(), "transaction_isolation", "SERIALIZABLE", "transaction_isolation"},
      {MariaDb(), "sql_mode", "", "sql_mode"},
      {MariaDb(), "sql_mode", "STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION", "sql_mode"},
      {MariaDb(), "character_set_server", "latin1", "character_set_server"},
      {MariaDb(), "character_set_server", "utf8mb3", "character_set_server"},
      {MariaDb(), "time_zone", "+08:00", "time_zone"},
      {MariaDb(), "time_zone", "SYSTEM", "time_zone"},
      {MySql(), "time_zone", "UTC", ""},
      {MariaDb(), "max_statement_time", "0.000000", "max_statement_time"},
      {MariaDb(), "max_statement_time", "0.500000", ""},
      {MySql(), "max_execution_time", "0", "max_execution_time"},
      {MySql(), "max_execution_time", "600000", "max_execution_time"},
      {MariaDb(), "max_connections", "25", "max_connections"},
      {MariaDb(), "max_connections", "26", ""},
      {MariaDb(), "max_allowed_packet", "1048576", "max_allowed_packet"},
      {MariaDb(), "wait_timeout", "5", "wait_timeout"},
      {MariaDb(), "local_infile", "ON", "local_infile"},
      {Galera(), "wsrep_sync_wait", "0", "wsrep_sync_wait"},
      {Galera(), "wsrep_sync_wait", "2", "wsrep_sync_wait"},
      {Galera(), "wsrep_sync_wait", "7", ""},
      {MariaDb(), "wsrep_sync_wait", "0", ""},
      {Galera(), "wsrep_dirty_reads", "ON", "wsrep_dirty_reads"},
      {Galera(), "wsrep_osu_method", "RSU", "wsrep_osu_method"},
      {Galera(), "binlog_format", "MIXED", "binlog_format"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(std::string(c.name) + " = " + c.value);
    Settings settings = c.base;
    settings[c.name] = c.value;
    const std::vector<std::string> names = Names(CheckSettings(settings, {}));
    if (*c.found == '\0') {
      EXPECT_THAT(names, IsEmpty());
    } else {
      EXPECT_THAT(names, ElementsAre(c.found));
    }
  }
}

TEST(SettingsTest, WhatAServerDoesNotKnowIsUnsafeAndSaidSo) {
  Settings settings = MariaDb();
  settings.erase("innodb_rollback_on_timeout");
  settings.erase("tx_isolation");
  EXPECT_THAT(Names(CheckSettings(settings, {})), ElementsAre("innodb_rollback_on_timeout", "transaction_isolation"));
}

TEST(SettingsTest, ThePoolsOfAllMustFit) {
  EXPECT_THAT(Names(CheckSettings(MariaDb(), {.connections_in_all = 291})), ElementsAre("max_connections"));
  EXPECT_THAT(Names(CheckSettings(MariaDb(), {.pool_size = 290})), IsEmpty());
}

TEST(SettingsTest, ProductionWantsTlsOnTheNetwork) {
  Settings settings = MariaDb();
  const Options network{.address = "tcp://db:3306", .production = true};
  const Options file{.address = "unix:///run/db", .production = true};
  EXPECT_THAT(Names(CheckSettings(settings, network)), ElementsAre("ssl_cipher"));
  EXPECT_THAT(Names(CheckSettings(settings, file)), IsEmpty());
  settings["ssl_cipher"] = "TLS_AES_256_GCM_SHA384";
  EXPECT_THAT(Names(CheckSettings(settings, network)), IsEmpty());
}

TEST(SettingsTest, TheRefusalSaysGotAndWant) {
  EXPECT_OK(RefuseUnsafe({}));
  Settings settings = MariaDb();
  settings["innodb_flush_log_at_trx_commit"] = "2";
  settings["time_zone"] = "+08:00";
  const absl::Status status = RefuseUnsafe(CheckSettings(settings, {}));
  EXPECT_THAT(status, HasReason(Reason::kUnsafeSettings));
  EXPECT_THAT(std::string(status.message()), HasSubstr("innodb_flush_log_at_trx_commit: got '2', want 1"));
  EXPECT_THAT(std::string(status.message()), HasSubstr("time_zone: got '+08:00', want +00:00"));
  EXPECT_EQ(DetailOf(status).metadata.size(), 2u);
}

}  // namespace
}  // namespace tributary::mysql
