#include "common/rpc/trace.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <string>
#include <thread>
#include <vector>

#include "common/text/text.h"

namespace tributary::rpc {
namespace {

using ::testing::MatchesRegex;
using ::testing::Not;

constexpr char kId[] = "0af7651916cd43dd8448eb211c80319c";

TEST(TraceTest, TheCallersTraceIsKeptWhereItIsOne) {
  const struct {
    const char* what;
    std::string header;
    bool kept;
  } cases[] = {
      {"as W3C says", StrCat("00-", kId, "-b7ad6b7169203331-01"), true},
      {"not sampled", StrCat("00-", kId, "-b7ad6b7169203331-00"), true},
      {"a later version says more", StrCat("01-", kId, "-b7ad6b7169203331-01-more"), true},
      {"empty", "", false},
      {"cut", StrCat("00-", kId), false},
      {"all zero", "00-00000000000000000000000000000000-b7ad6b7169203331-01", false},
      {"upper case", "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01", false},
      {"no hexadecimal digits", "00-0af7651916cd43dd8448eb211c80319\"-b7ad6b7169203331-01", false},
      {"other places", StrCat("000", kId, "-b7ad6b7169203331-01-"), false},
  };
  for (const auto& c : cases) {
    const std::string id = TraceIdOf(c.header);
    EXPECT_THAT(id, MatchesRegex("[0-9a-f]{32}")) << c.what;
    EXPECT_EQ(id == kId, c.kept) << c.what;
  }
}

TEST(TraceTest, TraceparentIsReadBack) {
  const std::string header = TraceparentOf(kId);
  EXPECT_THAT(header, MatchesRegex("00-[0-9a-f]{32}-[0-9a-f]{16}-01"));
  EXPECT_EQ(TraceIdOf(header), kId);
  EXPECT_NE(TraceparentOf(kId), header);
}

TEST(TraceTest, NewIdsDifferOnAllThreads) {
  std::vector<std::vector<std::string>> made(4);
  {
    std::vector<std::jthread> threads;
    for (auto& ids : made) {
      threads.emplace_back([&ids] {
        for (int i = 0; i < 1000; ++i) ids.push_back(TraceIdOf(""));
      });
    }
  }
  std::set<std::string> all;
  for (const auto& ids : made) all.insert(ids.begin(), ids.end());
  EXPECT_EQ(all.size(), 4000u);
  EXPECT_THAT(*all.begin(), Not(std::string(32, '0')));
}

}  // namespace
}  // namespace tributary::rpc
