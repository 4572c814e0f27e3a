#pragma once

// conflict-service in the place of the suite's process of it, with the same database, keys and address, at a time of
// the test's choosing: a contest takes days.

#include <memory>

#include "common/auth/tokens.h"
#include "common/mysql/database.h"
#include "common/paging/page_token.h"
#include "common/rpc/client.h"
#include "common/rpc/server.h"
#include "common/time/clock.h"
#include "common/time/date.h"
#include "conflict-service/service.h"
#include "prometheus/registry.h"
#include "tests/support/suite.h"

namespace tributary::testing {

// Noon of the day, in UTC.
absl::Time NoonOf(Date day);

// Ends the suite's process, which `suite.Up()` starts again once this is gone. At most one in a test's process:
// gRPC 1.51 may fail where a server begins as the last one ends.
class ConflictHost {
 public:
  ConflictHost(TestSuite& suite, Date day);
  ~ConflictHost();
  ConflictHost(const ConflictHost&) = delete;
  ConflictHost& operator=(const ConflictHost&) = delete;

  void SetDay(Date day) { clock_.Set(NoonOf(day)); }

 private:
  std::unique_ptr<rpc::Client> NewClient(TestSuite& suite, const char* part) const;

  FakeClock clock_;
  prometheus::Registry registry_;
  const std::unique_ptr<auth::TokenVerifier> verifier_;
  const PageTokens page_tokens_;
  const std::unique_ptr<mysql::Database> database_;
  const std::unique_ptr<rpc::Client> partner_;
  const std::unique_ptr<rpc::Client> inventory_;
  const std::unique_ptr<rpc::Client> incentive_;
  rpc::Server server_;
  conflict::Service service_;
};

}  // namespace tributary::testing
