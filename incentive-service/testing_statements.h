#pragma once

// Statements of a world, as their readers get and check them.

#include <string>
#include <vector>

#include "cli/verify/document.h"
#include "cli/verify/verify.h"
#include "gmock/gmock.h"
#include "incentive-service/testing_world.h"

namespace tributary::incentive {

// The statement's document; empty, and a failure of the test, where it cannot be had.
inline std::string CsvOf(World& world, const std::string& statement) {
  v1::ExportStatementRequest request;
  request.set_name(statement);
  const auto exported =
      world.finance().Call<v1::ExportStatementResponse>(std::string(kStatements) + "ExportStatement", request);
  EXPECT_OK(exported);
  return exported.ok() ? exported->csv() : "";
}

// The partner's statements follow from what they show, as messages and as documents.
inline void ExpectVerified(World& world, const std::string& partner) {
  std::vector<std::string> documents;
  for (const v1::Statement& statement : world.Statements(world.finance(), partner)) {
    EXPECT_THAT(cli::VerifyStatement(statement, world.Lines(statement.name())), ::testing::IsEmpty())
        << statement.name();
    documents.push_back(CsvOf(world, statement.name()));
  }
  EXPECT_THAT(cli::VerifyDocuments(documents), ::testing::IsEmpty());
}

}  // namespace tributary::incentive
